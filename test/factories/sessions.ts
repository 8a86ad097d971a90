import type { Database } from '@app/platform';
import { aPersona, aUser } from './rows';

let count = 0;
const insert = async (database: Database, sql: string, params: unknown[]): Promise<number> =>
  (await database.query<{ id: number }>(`${sql} RETURNING id`, params))[0]!.id;

export interface SessionRows {
  sessionId: number;
  conversationId: number;
  clientId: number;
  userId: number;
  workspaceId: number;
  personaId: number;
}

/** A coaching session of a new user with a new client, begun so many seconds ago. */
export async function aSessionRow(
  database: Database,
  { timeoutMs = 1_800_000, ageSeconds = 0, clientId = 0 } = {},
): Promise<SessionRows> {
  const owner = await aUser(database);
  const personaId = await aPersona(database, owner);
  const client =
    clientId ||
    (await insert(database, `INSERT INTO clients (workspace_id, name) VALUES ($1, 'Dana')`, [owner.workspaceId]));
  const conversationId = await insert(
    database,
    `INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, channel, updated_at)
     VALUES ($1, $2, $3, 'Session', false, 'session', now() - $4 * interval '1 second')`,
    [owner.workspaceId, owner.userId, personaId, ageSeconds],
  );
  const sessionId = await insert(
    database,
    `INSERT INTO sessions (kind, public_id, workspace_id, user_id, persona_id, client_id, conversation_id, timeout_ms, started_at, check_at)
     VALUES ('coaching', $1, $2, $3, $4, $5, $6, $7::bigint, now() - $8 * interval '1 second', now() - $8 * interval '1 second' + $7::bigint * interval '1 millisecond')`,
    [
      `cs_row${(count += 1)}`,
      owner.workspaceId,
      owner.userId,
      personaId,
      client,
      conversationId,
      timeoutMs,
      ageSeconds,
    ],
  );
  return { sessionId, conversationId, clientId: client, personaId, ...owner };
}

/** A message with an open turn, or with one that is over. */
export async function aTurnRow(
  database: Database,
  { conversationId, workspaceId }: SessionRows,
  isOpen: boolean,
): Promise<void> {
  const [conversation] = await database.query<{ seq: number }>(
    `UPDATE conversations SET last_seq = last_seq + 1, message_count = message_count + 1 WHERE id = $1 RETURNING last_seq AS seq`,
    [conversationId],
  );
  const messageId = await insert(
    database,
    `INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content) VALUES ($1, $2, $3, 'user', 'sent', 'Hi')`,
    [workspaceId, conversationId, conversation!.seq],
  );
  await database.query(
    `INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, status, finished_at)
     VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN 'pending' ELSE 'completed' END, CASE WHEN $5 THEN NULL ELSE now() END)`,
    [workspaceId, conversationId, messageId, conversation!.seq, isOpen],
  );
}

/** So many more sessions of the same coach and client, of which one in ten is active; none is due. */
export async function manySessionRows(
  database: Database,
  { workspaceId, userId, personaId, clientId }: SessionRows,
  howMany: number,
): Promise<void> {
  await database.query(
    `WITH talks AS (
       INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, channel)
       SELECT $1, $2, $3, 'Session', false, 'session' FROM generate_series(1, $5::integer) RETURNING id
     )
     INSERT INTO sessions (kind, public_id, workspace_id, user_id, persona_id, client_id, conversation_id, timeout_ms, check_at, status, end_reason, ended_at)
     SELECT 'coaching', 'cs_many' || id, $1, $2, $3, $4, id, 1800000, now() + random() * interval '30 minutes',
       CASE WHEN id % 10 = 0 THEN 'active' ELSE 'ended' END, CASE WHEN id % 10 = 0 THEN NULL ELSE 'timeout' END,
       CASE WHEN id % 10 = 0 THEN NULL ELSE now() END FROM talks`,
    [workspaceId, userId, personaId, clientId, howMany],
  );
  for (const table of ['sessions', 'conversations']) await database.query(`ANALYZE ${table}`);
}
