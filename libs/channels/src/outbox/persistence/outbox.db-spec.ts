import { aChannel, anIdentity } from '../../../../../test/factories/channels';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { PlanReader } from '../../../../../test/support/plans';
import { SentMessagesRepository } from '../../inbox/persistence/sent-messages.repository';
import { LettersRepository } from './letters.repository';
import { OutboxRepository } from './outbox.repository';
import type { SealedOutbox } from './sealed-outbox';
import { TurnBeginsRepository } from './turn-begins.repository';

const MANY = 20_000;

describe('the outbox as a table', () => {
  let db: TestDatabase;

  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db.close());

  it('is looked into by indexes, however much was sent', async () => {
    const channel = await aChannel(db.database);
    const { identityId, conversationId } = await anIdentity(db.database, channel);
    await db.database.query(
      `INSERT INTO channel_outbox (channel_id, identity_id, conversation_id, author, kind, status)
       SELECT $1, $2, $3, 'assistant', 'text', 'sent' FROM generate_series(1, $4::integer)`,
      [channel.channelId, identityId, conversationId, MANY],
    );
    const other = await aChannel(db.database);
    const person = await anIdentity(db.database, other);
    await db.database.query(
      `INSERT INTO channel_outbox (channel_id, identity_id, conversation_id, author, kind) VALUES ($1, $2, $3, 'assistant', 'text')`,
      [other.channelId, person.identityId, person.conversationId],
    );
    await db.database.query('ANALYZE channel_outbox');
    const plans = new PlanReader(db.dataSource);
    const outbox = new OutboxRepository(plans);
    await outbox.lockHead(person.conversationId);
    await outbox.isAssistantSending(person.conversationId);
    await outbox.hasTemplateSince(person.identityId, 1);
    await outbox.due(200);
    const sent = new SentMessagesRepository(plans);
    await sent.mayHaveLeft(person.identityId, 20);
    await sent.isAnythingOnTheWire(person.identityId);
    await outbox.pause(person.conversationId, 1);
    const attempt = { id: 1, attempts: 1 };
    await outbox.postpone(attempt, 'x', 1, false);
    await outbox.bury(attempt, 'x');
    const letters = new LettersRepository(plans, undefined as unknown as SealedOutbox);
    await letters.list(other.channelId, 50, 1e9);
    await letters.listDead(other.channelId, 50, 1e9);
    await new TurnBeginsRepository(plans).find(person.conversationId);
    expect(plans.take()).not.toContain('Seq Scan on channel_outbox');
  });

  it('loses what was settled long ago, and nothing that waits', async () => {
    const channel = await aChannel(db.database);
    const { identityId, conversationId } = await anIdentity(db.database, channel);
    await db.database.query('DELETE FROM channel_outbox');
    await db.database.query(
      `INSERT INTO channel_outbox (channel_id, identity_id, conversation_id, author, kind, status, created_at)
       SELECT $1, $2, $3, 'assistant', 'text', s.status, now() - s.days * interval '1 day'
       FROM (VALUES ('sent', 91), ('dead', 91), ('pending', 91), ('sent', 89)) AS s (status, days)`,
      [channel.channelId, identityId, conversationId],
    );
    expect(await new OutboxRepository(db.database).removeOlderThan(90, 1000)).toBe(2);
    const left = await db.database.query<{ status: string }>('SELECT status FROM channel_outbox ORDER BY id');
    expect(left.map(({ status }) => status)).toEqual(['pending', 'sent']);
  });
});
