import { FieldReader, Metrics } from '@app/platform';
import { aChannel, anIdentity } from '../../../../../test/factories/channels';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { cipherOf, silentLogger } from '../../../../../test/support/encryption';
import { PlanReader } from '../../../../../test/support/plans';
import { ReplyAddressesRepository } from './reply-addresses.repository';

const ADDRESS = 'https://chat.example.com/hooks/commands/x';

describe('addresses of commands', () => {
  let db: TestDatabase;
  let conversationId: number;
  let replies: ReplyAddressesRepository;
  const cipher = cipherOf('test');
  const reader = new FieldReader(cipher, new Metrics(), silentLogger());
  const inAnHour = new Date(Date.now() + 3_600_000);

  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    ({ conversationId } = await anIdentity(db.database, await aChannel(db.database)));
    replies = new ReplyAddressesRepository(db.database, cipher, reader);
  });

  /** How many uses are left: all are taken. */
  async function usesOf(id = conversationId): Promise<number> {
    for (let uses = 0; ; uses += 1) if ((await replies.take(id)) === undefined) return uses;
  }

  it('are good for as many uses as they have, until they are over', async () => {
    await replies.set(conversationId, ADDRESS, { until: inAnHour, times: 2 });
    expect(await replies.take(conversationId)).toMatchObject({ plain: ADDRESS });
    expect(await usesOf()).toBe(1);
    await replies.set(conversationId, ADDRESS, { until: new Date(Date.now() - 1), times: 2 });
    expect(await usesOf()).toBe(0);
  });

  it('told again, they have no more uses than before; a newer one has its own', async () => {
    await replies.set(conversationId, ADDRESS, { until: inAnHour, times: 3 });
    await replies.take(conversationId);
    await replies.set(conversationId, ADDRESS, { until: inAnHour, times: 3 });
    await replies.take(conversationId);
    await replies.set(conversationId, `${ADDRESS}2`, { until: new Date(inAnHour.getTime() + 1), times: 3 });
    expect(await replies.take(conversationId)).toMatchObject({ plain: `${ADDRESS}2` });
    expect(await usesOf()).toBe(2);
  });

  it('have a use again that was none, but not for the sake of a former address', async () => {
    await replies.set(conversationId, ADDRESS, { until: inAnHour, times: 3 });
    const taken = (await replies.take(conversationId))!;
    await replies.giveBack(conversationId, taken);
    await replies.set(conversationId, ADDRESS, { until: new Date(inAnHour.getTime() + 1), times: 3 });
    await replies.giveBack(conversationId, taken);
    expect(await usesOf()).toBe(3);
  });

  it('are removed when they are over, and found by an index', async () => {
    const other = (await anIdentity(db.database, await aChannel(db.database))).conversationId;
    await replies.set(conversationId, ADDRESS, { until: new Date(Date.now() - 1), times: 3 });
    await replies.set(other, ADDRESS, { until: inAnHour, times: 3 });
    await replies.removeOver(1000);
    const rows = await db.database.query<{ id: number; key: string | null }>(
      'SELECT conversation_id::int AS id, encryption_key AS key FROM channel_threads WHERE conversation_id = ANY($1) ORDER BY 1',
      [[conversationId, other]],
    );
    expect(rows).toEqual([
      { id: conversationId, key: null },
      { id: other, key: 'test' },
    ]);
    expect(await usesOf(other)).toBe(3);

    const channel = await aChannel(db.database);
    const { identityId } = await anIdentity(db.database, channel);
    await db.database.query(
      `WITH many AS (
         INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, channel)
         SELECT $1, $2, $3, 'x', false, 'whatsapp' FROM generate_series(1, 5000) RETURNING id
       )
       INSERT INTO channel_threads (conversation_id, channel_id, identity_id, is_open) SELECT id, $4, $5, false FROM many`,
      [channel.workspaceId, channel.userId, channel.personaId, channel.channelId, identityId],
    );
    await db.database.query('ANALYZE channel_threads');
    const plans = new PlanReader(db.dataSource);
    await new ReplyAddressesRepository(plans, cipher, reader).removeOver(1000);
    expect(plans.take()).not.toContain('Seq Scan on channel_threads');
  });
});
