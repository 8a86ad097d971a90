import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** The conversation that goes on with a person. */
export interface ThreadRow {
  conversationId: number;
  personaId: number;
  isActive: boolean;
  /** Somebody of the team answers. */
  isWithPeople: boolean;
  /** Somebody of the team was asked to, and may do so at any moment. */
  isAwaitingPeople: boolean;
  isAiStopped: boolean;
  /** Whom the person has chosen to be answered by there; null: nobody, or somebody who is not shared any more. */
  chosenPersonaId: number | null;
}

/** People of the team were asked to take the conversation `c`. Once its persona is gone nobody could answer there until they come. */
const IS_AWAITING_PEOPLE = `EXISTS (SELECT 1 FROM escalations e JOIN personas p ON p.id = e.persona_id AND p.deleted_at IS NULL
  WHERE e.conversation_id = c.id AND e.status IN ('open', 'claimed'))`;
/** A conversation, `c`, that its person is not taken out of. */
export const IS_THE_TEAMS = `(c.owner = 'human' OR ${IS_AWAITING_PEOPLE})`;

/** Which conversation belongs to whom. One per person and thread is open: the index `channel_threads_one_open` says so. */
@Injectable()
export class ThreadsRepository {
  constructor(private readonly database: Database) {}

  /** In a transaction: whoever else wants to begin a conversation with this person waits. @returns false when the person is gone */
  async lockPerson(identityId: number): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM channel_identities WHERE id = $1 FOR NO KEY UPDATE', [
      identityId,
    ]);
    return rows.length > 0;
  }

  async findOpen(identityId: number, threadKey: string): Promise<ThreadRow | undefined> {
    const [row] = await this.database.query<ThreadRow>(
      `SELECT t.conversation_id AS "conversationId", c.persona_id AS "personaId", c.is_active AS "isActive", c.owner = 'human' AS "isWithPeople",
         ${IS_AWAITING_PEOPLE} AS "isAwaitingPeople",
         t.is_ai_stopped AS "isAiStopped",
         (SELECT p.id FROM channel_choices ch JOIN personas p ON p.id = ch.persona_id AND p.visibility = 'workspace' AND p.deleted_at IS NULL
          WHERE ch.identity_id = t.identity_id AND ch.place = split_part(t.thread_key, ':', 1) AND p.workspace_id = c.workspace_id) AS "chosenPersonaId"
       FROM channel_threads t JOIN conversations c ON c.id = t.conversation_id WHERE t.identity_id = $1 AND t.thread_key = $2 AND t.is_open`,
      [identityId, threadKey],
    );
    return row;
  }

  async open(thread: {
    conversationId: number;
    channelId: number;
    identityId: number;
    threadKey: string;
  }): Promise<void> {
    await this.database.query(
      'INSERT INTO channel_threads (conversation_id, channel_id, identity_id, thread_key) VALUES ($1, $2, $3, $4)',
      [thread.conversationId, thread.channelId, thread.identityId, thread.threadKey],
    );
  }

  /** @returns false when it goes on: people of the team have it by now */
  async close(conversationId: number): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE channel_threads t SET is_open = false FROM conversations c
       WHERE t.conversation_id = $1 AND c.id = t.conversation_id AND NOT (c.is_active AND ${IS_THE_TEAMS}) RETURNING 1`,
      [conversationId],
    );
    return rows.length > 0;
  }

  /** The newest message of the person's, by its id in the other system. */
  async setLastMessage(conversationId: number, externalId: string): Promise<void> {
    await this.database.query('UPDATE channel_threads SET last_external_id = $2 WHERE conversation_id = $1', [
      conversationId,
      externalId,
    ]);
  }

  /** @returns undefined when the channel has no such conversation */
  async isAiStopped(channelId: number, conversationId: number): Promise<boolean | undefined> {
    const [row] = await this.database.query<{ isStopped: boolean }>(
      'SELECT is_ai_stopped AS "isStopped" FROM channel_threads WHERE channel_id = $1 AND conversation_id = $2',
      [channelId, conversationId],
    );
    return row?.isStopped;
  }

  /** Whether somebody of the team answers there. */
  async isWithPeople(conversationId: number): Promise<boolean> {
    const rows = await this.database.query(`SELECT 1 FROM conversations WHERE id = $1 AND owner = 'human'`, [
      conversationId,
    ]);
    return rows.length > 0;
  }

  async setAiStopped(conversationId: number, isStopped: boolean): Promise<void> {
    await this.database.query('UPDATE channel_threads SET is_ai_stopped = $2 WHERE conversation_id = $1', [
      conversationId,
      isStopped,
    ]);
  }
}
