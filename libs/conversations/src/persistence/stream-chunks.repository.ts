import type { StreamEntry } from '@app/contracts';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SealedTexts } from './sealed-texts';

/** Some entries of one turn, in their order. */
export interface StreamChunk {
  turnId: number;
  attempt: number;
  entries: StreamEntry[];
  /** Its turn is of an encrypted conversation. */
  isEncrypted: boolean;
}

/** What watchers of turns were told, kept so that they can resume, also at another process. */
@Injectable()
export class StreamChunksRepository {
  constructor(
    private readonly database: Database,
    private readonly texts: SealedTexts,
  ) {}

  /** One statement for all turns of a process. Writing a chunk twice changes nothing. */
  async add(chunks: readonly StreamChunk[]): Promise<void> {
    await this.database.query(
      `INSERT INTO turn_stream_chunks (turn_id, last_number, attempt, entries)
       SELECT * FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::text[]) ON CONFLICT DO NOTHING`,
      [
        chunks.map((chunk) => chunk.turnId),
        chunks.map((chunk) => chunk.entries.at(-1)!.n),
        chunks.map((chunk) => chunk.attempt),
        chunks.map(({ turnId, entries, isEncrypted }) =>
          isEncrypted ? this.texts.entries(turnId, entries.at(-1)!.n, entries) : JSON.stringify(entries),
        ),
      ],
    );
  }

  /** The chunks of a turn with entries after `afterNumber`, in order. */
  async after(turnId: number, afterNumber: number): Promise<Omit<StreamChunk, 'isEncrypted'>[]> {
    const rows = await this.database.query<{ last_number: number; attempt: number; entries: string }>(
      'SELECT last_number, attempt, entries FROM turn_stream_chunks WHERE turn_id = $1 AND last_number > $2 ORDER BY last_number',
      [turnId, afterNumber],
    );
    return rows.map(({ last_number: last, attempt, entries }) => ({
      turnId,
      attempt,
      entries: this.texts.openedEntries(turnId, last, entries),
    }));
  }

  /** Nothing of what was erased may be read again. */
  async forget(turnIds: readonly number[]): Promise<void> {
    await this.database.query('DELETE FROM turn_stream_chunks WHERE turn_id = ANY ($1::bigint[])', [turnIds]);
  }

  async forgetConversation(conversationId: number): Promise<void> {
    await this.database.query(
      'DELETE FROM turn_stream_chunks WHERE turn_id IN (SELECT id FROM turns WHERE conversation_id = $1)',
      [conversationId],
    );
  }

  async removeOlderThan(ageMs: number): Promise<void> {
    await this.database.query(
      `DELETE FROM turn_stream_chunks WHERE created_at < now() - $1 * interval '1 millisecond'`,
      [ageMs],
    );
  }
}
