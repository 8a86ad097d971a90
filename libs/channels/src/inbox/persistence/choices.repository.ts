import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { IS_THE_TEAMS } from './threads.repository';

/** A persona that everybody in the workspace may talk with. */
export interface SharedPersona {
  id: number;
  name: string;
}

/** What people have chosen for a place in the other system: the part of a thread's key in front of the first colon. */
@Injectable()
export class ChoicesRepository {
  constructor(private readonly database: Database) {}

  /** By their names, up to `limit`. */
  async personas(workspaceId: number, limit: number): Promise<SharedPersona[]> {
    return this.database.query<SharedPersona>(
      `SELECT p.id, v.name FROM personas p JOIN persona_versions v ON v.persona_id = p.id AND v.version = p.current_version
       WHERE p.workspace_id = $1 AND p.visibility = 'workspace' AND p.deleted_at IS NULL ORDER BY lower(v.name), p.id LIMIT $2`,
      [workspaceId, limit],
    );
  }

  /** Undefined: none, or one that is not shared any more. */
  async personaOf(identityId: number, place: string): Promise<number | undefined> {
    const [row] = await this.database.query<{ id: number }>(
      `SELECT p.id FROM channel_choices ch JOIN channel_identities i ON i.id = ch.identity_id JOIN channels c ON c.id = i.channel_id
         JOIN personas p ON p.id = ch.persona_id AND p.workspace_id = c.workspace_id AND p.visibility = 'workspace' AND p.deleted_at IS NULL
       WHERE ch.identity_id = $1 AND ch.place = $2`,
      [identityId, place],
    );
    return row?.id;
  }

  async setPersona(identityId: number, place: string, personaId: number): Promise<void> {
    await this.database.query(
      `INSERT INTO channel_choices (identity_id, place, persona_id) VALUES ($1, $2, $3)
       ON CONFLICT (identity_id, place) DO UPDATE SET persona_id = excluded.persona_id`,
      [identityId, place, personaId],
    );
  }

  async setReset(identityId: number, place: string): Promise<void> {
    await this.database.query(
      `INSERT INTO channel_choices (identity_id, place, reset_at) VALUES ($1, $2, now())
       ON CONFLICT (identity_id, place) DO UPDATE SET reset_at = excluded.reset_at`,
      [identityId, place],
    );
  }

  /** The person's next message there begins a conversation. What people of the team have taken, or were asked to take, goes on. */
  async endThreads(identityId: number, place: string): Promise<void> {
    await this.database.query(
      `UPDATE channel_threads t SET is_open = false FROM conversations c
       WHERE c.id = t.conversation_id AND t.identity_id = $1 AND t.is_open AND split_part(t.thread_key, ':', 1) = $2 AND NOT ${IS_THE_TEAMS}`,
      [identityId, place],
    );
  }
}
