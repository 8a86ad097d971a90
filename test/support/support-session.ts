import { createHash, randomBytes } from 'node:crypto';
import { Client as Postgres } from 'pg';

export interface SupportSession {
  /** Who knows it may talk in the session. */
  sessionId: string;
  conversationId: number;
  workspaceId: number;
}

/** A support session as its door makes it: an anonymous visitor with a conversation of their own, without going through the door, which takes only so many a minute. */
export async function supportSession(databaseUrl: string, personaId: number, sessions = 1): Promise<SupportSession[]> {
  const sql = new Postgres({ connectionString: databaseUrl });
  await sql.connect();
  try {
    const made: SupportSession[] = [];
    const ids = Array.from({ length: sessions }, () => `ss_${randomBytes(24).toString('base64url')}`);
    await sql.query(
      `INSERT INTO support_doors (workspace_id, public_key, persona_id) SELECT workspace_id, $2, id FROM personas WHERE id = $1
       ON CONFLICT (workspace_id) DO NOTHING`,
      [personaId, `pk_${randomBytes(12).toString('hex')}`],
    );
    const { rows } = await sql.query<{ conversation_id: string; workspace_id: string }>(
      `WITH persona AS (SELECT id, workspace_id FROM personas WHERE id = $1),
       asked AS (SELECT hash, row_number() OVER () AS n FROM unnest($2::bytea[]) AS hash),
       visitors AS (
         INSERT INTO users (visits_workspace_id) SELECT persona.workspace_id FROM asked, persona RETURNING id),
       numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM visitors),
       talks AS (
         INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, channel, is_encrypted)
         SELECT persona.workspace_id, numbered.id, persona.id, 'Support', false, 'support', true FROM numbered, persona
         RETURNING id, user_id, workspace_id, persona_id)
       INSERT INTO sessions (kind, secret_hash, workspace_id, user_id, persona_id, conversation_id, timeout_ms, check_at)
       SELECT 'support', asked.hash, talks.workspace_id, talks.user_id, talks.persona_id, talks.id, 1800000, now() + interval '30 minutes'
       FROM talks JOIN numbered ON numbered.id = talks.user_id JOIN asked ON asked.n = numbered.n
       RETURNING conversation_id, workspace_id, (SELECT n FROM asked WHERE hash = secret_hash) AS n`,
      [personaId, ids.map((id) => createHash('sha256').update(id).digest())],
    );
    for (const row of rows as { conversation_id: string; workspace_id: string; n: string }[]) {
      made.push({
        sessionId: ids[Number(row.n) - 1]!,
        conversationId: Number(row.conversation_id),
        workspaceId: Number(row.workspace_id),
      });
    }
    return made;
  } finally {
    await sql.end();
  }
}
