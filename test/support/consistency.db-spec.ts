import { Client as Postgres } from 'pg';
import { aConversation } from '../factories/rows';
import { inconsistencies } from './consistency';
import { testDatabase, type TestDatabase } from './database';

/** One answered message in a conversation, and a statement that spoils something. Each must be found by the rule that is there for it. */
const DAMAGE: [string, string][] = [
  ['seq of a conversation runs', 'UPDATE conversations SET last_seq = last_seq + 1'],
  ['seq of a conversation runs', `UPDATE messages SET seq = 7 WHERE role = 'assistant'`],
  ['message_count counts', 'UPDATE conversations SET message_count = 1'],
  ['message_count counts', `UPDATE messages SET deleted_at = now(), content = '' WHERE role = 'user'`],
  ['every user message has a turn', 'DELETE FROM turns'],
  ['a turn stands where its message stands', 'UPDATE turns SET user_seq = 2'],
  ['a completed or failed turn has a reply', `DELETE FROM messages WHERE role = 'assistant'`],
  ['a completed or failed turn has a reply', `UPDATE turns SET status = 'cancelled'`],
  [
    'one turn of a message counts',
    `INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, status, finished_at)
     SELECT workspace_id, conversation_id, user_message_id, user_seq, 'cancelled', now() FROM turns`,
  ],
  ['first replies stand after their messages', 'UPDATE turns SET user_seq = 5'],
  ['no turn is left open', `UPDATE turns SET status = 'running', finished_at = NULL`],
  [
    'no lease is left',
    `INSERT INTO conversation_leases SELECT id, 'x', 1, now() + interval '1 hour' FROM conversations`,
  ],
  ['every call in the ledger is closed', `UPDATE model_calls SET status = 'started', ended_at = NULL`],
  ['a completed turn has exactly one call', `UPDATE model_calls SET status = 'failed'`],
  ['the ledger has a row per attempt', 'UPDATE turns SET attempt = 2'],
  [
    'attempts for a summary are numbered',
    `INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, purpose, attempt, status, provider, api,
       model_requested, ended_at)
     SELECT workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, 'summary', 2, 'failed', provider, api, model_requested, now()
     FROM model_calls`,
  ],
  [
    'a summary was made by a call',
    `INSERT INTO conversation_summaries (conversation_id, content, through_seq) SELECT id, 'x', 1 FROM conversations`,
  ],
  [
    'a summary covers what has been said',
    `INSERT INTO conversation_summaries (conversation_id, content, through_seq) SELECT id, 'x', 3 FROM conversations`,
  ],
  ['every persona has its current version', 'DELETE FROM persona_versions WHERE persona_id > 1'],
  ['every persona has its current version', 'UPDATE personas SET last_version = 0'],
  ['the version that counts is the one', 'DELETE FROM persona_publications'],
  [
    'what has answered was published',
    `INSERT INTO persona_versions (persona_id, version, name, description, relationship_type, system_instructions, prompt_template)
       VALUES (1, 2, 'Draft', '', 'friend', '', '');
     UPDATE messages SET persona_version_id = (SELECT max(id) FROM persona_versions) WHERE role = 'assistant'`,
  ],
  ['a conversation in a comparison has one', 'UPDATE conversations SET experiment_id = 5, persona_version = 1'],
  ['a call in a comparison was made with', 'UPDATE model_calls SET experiment_id = 5'],
  ['every user has one personal workspace', 'DELETE FROM workspace_members'],
  ['a login has refresh tokens', `INSERT INTO logins (user_id, expires_at) SELECT id, now() FROM users`],
  ['what is in a conversation is in its workspace', 'UPDATE turns SET workspace_id = workspace_id + 1'],
];

describe('the check for half-written data', () => {
  let database: TestDatabase;
  let sql: Postgres;

  beforeAll(async () => {
    database = await testDatabase();
    const { conversationId } = await aConversation(database.database);
    sql = new Postgres({ connectionString: database.url });
    await sql.connect();
    await sql.query(`
      UPDATE conversations SET last_seq = 2, message_count = 2;
      INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
        SELECT workspace_id, id, 1, 'user', 'sent', 'hello' FROM conversations;
      INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, status, attempt, finished_at)
        SELECT workspace_id, conversation_id, id, 1, 'completed', 1, now() FROM messages;
      INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, turn_id)
        SELECT workspace_id, conversation_id, 2, 'assistant', 'completed', 'hi', id FROM turns;
      INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, attempt, status, provider, api,
          model_requested, ended_at)
        SELECT workspace_id, 1, 1, 1, ${conversationId}, id, 1, 'succeeded', 'openai', 'chat', 'm', now() FROM turns`);
  });
  afterAll(async () => {
    await sql.end();
    await database.close();
  });

  it('finds nothing where nothing is wrong', async () => {
    expect(await inconsistencies(sql)).toEqual([]);
  });

  it.each(DAMAGE)('%s: found after %s', async (rule, damage) => {
    await sql.query('BEGIN');
    try {
      await sql.query(damage);
      expect((await inconsistencies(sql)).join('\n')).toContain(rule);
    } finally {
      await sql.query('ROLLBACK');
    }
  });
});
