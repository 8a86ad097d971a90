import { Client as Postgres } from 'pg';
import { aChannel, anIdentity } from '../factories/channels';
import { CHANNEL_RULES } from './channel-consistency';
import { inconsistencies } from './consistency';
import { testDatabase, type TestDatabase } from './database';

/** One person with a conversation, a message in and a message out, and a statement that spoils something. Each must be found by the rule that is there for it. */
const DAMAGE: [string, string][] = [
  ['what was taken in, or has left', `UPDATE channel_inbox SET payload = 'enc:k1:x', encryption_key = 'k1'`],
  ['what was taken in, or has left', `UPDATE channel_outbox SET content = 'enc:k1:x', encryption_key = 'k1'`],
  ['a text of a channel is encrypted', `UPDATE channel_outbox SET status = 'pending', content = 'in the clear'`],
  ['a text of a channel is encrypted', `UPDATE channel_inbox SET encryption_key = 'k1'`],
  ['a text of a channel is encrypted', `UPDATE channels SET encryption_key = 'other'`],
  [
    'what a person wrote through a channel',
    `INSERT INTO channel_inbox (channel_id, external_id, sender_key, kind, status, message_id)
     SELECT channel_id, 'another', sender_key, kind, status, message_id FROM channel_inbox`,
  ],
  ['a thread, its person', 'UPDATE channel_identities SET user_id = (SELECT min(id) FROM users)'],
  ['a thread, its person', `UPDATE channels SET type = 'instagram'`],
  ['a thread, its person', 'UPDATE conversations SET is_encrypted = false'],
  ['no more is carried', 'UPDATE channel_threads SET carried_seq = 1'],
  ['what goes out goes to the person', 'DELETE FROM channel_threads'],
  ['what has left has a time', 'UPDATE channel_outbox SET sent_at = NULL'],
];

describe('the rules for channels', () => {
  let db: TestDatabase;
  let sql: Postgres;

  beforeEach(async () => {
    db = await testDatabase();
    sql = new Postgres({ connectionString: db.url });
    await sql.connect();
    const channel = await aChannel(db.database);
    const { identityId, conversationId } = await anIdentity(db.database, channel);
    await db.database.query(
      `INSERT INTO channel_inbox (channel_id, external_id, sender_key, kind, status, message_id) VALUES ($1, 'one', 'x', 'message', 'done', 7)`,
      [channel.channelId],
    );
    await db.database.query(
      `INSERT INTO channel_outbox (channel_id, identity_id, conversation_id, author, kind, status, sent_at, delivered_at)
       VALUES ($1, $2, $3, 'assistant', 'text', 'delivered', now(), now())`,
      [channel.channelId, identityId, conversationId],
    );
  });
  afterEach(async () => {
    await sql.end();
    await db.close();
  });

  const broken = async (): Promise<string[]> => {
    const known = Object.keys(CHANNEL_RULES);
    return (await inconsistencies(sql)).filter((text) => known.some((rule) => text.startsWith(rule)));
  };

  it('find nothing where nothing is wrong', async () => {
    expect(await broken()).toEqual([]);
  });

  it.each(DAMAGE)('%s … finds: %s', async (rule, statement) => {
    await sql.query(statement);
    expect((await broken()).filter((text) => text.startsWith(rule))).toHaveLength(1);
  });

  it('each rule has something that breaks it', () => {
    const unproven = Object.keys(CHANNEL_RULES).filter((rule) => !DAMAGE.some(([start]) => rule.startsWith(start)));
    expect(unproven).toEqual([]);
  });
});
