import type { Database } from '@app/platform';

let count = 0;
const insert = async (database: Database, sql: string, params: unknown[]): Promise<number> =>
  (await database.query<{ id: number }>(`${sql} RETURNING id`, params))[0]!.id;

/** A user with a personal workspace. */
export async function aUser(database: Database): Promise<{ userId: number; workspaceId: number }> {
  const userId = await insert(database, `INSERT INTO users (username, password_hash) VALUES ($1, 'x')`, [
    `row${(count += 1)}@example.com`,
  ]);
  const workspaceId = await insert(
    database,
    `INSERT INTO workspaces (kind, name, personal_user_id) VALUES ('personal', 'Mine', $1)`,
    [userId],
  );
  await database.query(`INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'owner')`, [
    workspaceId,
    userId,
  ]);
  return { userId, workspaceId };
}

/** A persona with one version, in the user's workspace. */
export async function aPersona(database: Database, owner: { userId: number; workspaceId: number }): Promise<number> {
  // A persona and its current version refer to each other; the database checks that at the commit.
  return database.transaction(async () => {
    const personaId = await insert(
      database,
      `INSERT INTO personas (workspace_id, owner_id, visibility) VALUES ($1, $2, 'private')`,
      [owner.workspaceId, owner.userId],
    );
    await database.query(
      `INSERT INTO persona_versions (persona_id, version, name, description, relationship_type, system_instructions, prompt_template)
       VALUES ($1, 1, 'Alex', '', 'friend', '', '')`,
      [personaId],
    );
    return personaId;
  });
}

/** An empty conversation of a new user. */
export async function aConversation(
  database: Database,
): Promise<{ conversationId: number; userId: number; personaId: number; workspaceId: number }> {
  const owner = await aUser(database);
  const personaId = await aPersona(database, owner);
  const conversationId = await insert(
    database,
    `INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated) VALUES ($1, $2, $3, 'New', true)`,
    [owner.workspaceId, owner.userId, personaId],
  );
  return { ...owner, conversationId, personaId };
}
