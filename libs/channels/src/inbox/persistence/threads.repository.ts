import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** The conversation that goes on with a person. */
export interface ThreadRow {
  conversationId: number;
  personaId: number;
  isActive: boolean;
  /** Somebody of the team answers. */
  isWithPeople: boolean;
  isAiStopped: boolean;
  /** Whom the person has chosen to be answered by there; null: nobody, or somebody who is not shared any more. */
  chosenPersonaId: number | null;
}

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

  async close(conversationId: number): Promise<void> {
    await this.database.query('UPDATE channel_threads SET is_open = false WHERE conversation_id = $1', [
      conversationId,
    ]);
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
