import type { Database } from '@app/platform';
import { aPersona, aUser } from './rows';

let count = 0;
const idOf = async (database: Database, sql: string, params: unknown[]): Promise<number> =>
  (await database.query<{ id: number }>(`${sql} RETURNING id`, params))[0]!.id;

export interface ChannelRowIds {
  channelId: number;
  workspaceId: number;
  userId: number;
  personaId: number;
}

/** A WhatsApp channel of a new user, with credentials that nobody can read. */
export async function aChannel(database: Database): Promise<ChannelRowIds> {
  const { userId, workspaceId } = await aUser(database);
  const personaId = await aPersona(database, { userId, workspaceId });
  await database.query(`UPDATE personas SET visibility = 'workspace' WHERE id = $1`, [personaId]);
  const channelId = await idOf(
    database,
    `INSERT INTO channels (workspace_id, persona_id, type, name, account_id, credentials, encryption_key) VALUES ($1, $2, 'whatsapp', 'Ours', $3, 'enc:none:x', 'none')`,
    [workspaceId, personaId, `10654035224${(count += 1)}`],
  );
  return { channelId, workspaceId, userId, personaId };
}

export interface IdentityRowIds {
  identityId: number;
  visitorId: number;
  conversationId: number;
}

/** Somebody who has written through a channel, with their open conversation. */
export async function anIdentity(
  database: Database,
  { channelId, workspaceId, personaId }: ChannelRowIds,
  externalId = `1555${(count += 1)}`,
): Promise<IdentityRowIds> {
  const visitorId = await idOf(database, `INSERT INTO users (visits_workspace_id) VALUES ($1)`, [workspaceId]);
  const identityId = await idOf(
    database,
    `INSERT INTO channel_identities (channel_id, user_id, external_id, phone, name) VALUES ($1, $2, $3, $4, 'Dana')`,
    [channelId, visitorId, externalId, /^\d+$/.test(externalId) ? externalId : null],
  );
  const conversationId = await idOf(
    database,
    `INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, channel, is_encrypted)
     VALUES ($1, $2, $3, 'WhatsApp', false, 'whatsapp', true)`,
    [workspaceId, visitorId, personaId],
  );
  await database.query('INSERT INTO channel_threads (conversation_id, channel_id, identity_id) VALUES ($1, $2, $3)', [
    conversationId,
    channelId,
    identityId,
  ]);
  return { identityId, visitorId, conversationId };
}
