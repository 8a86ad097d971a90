import type { ConversationFile } from '@app/contracts';
import { Database, FieldCipher } from '@app/platform';
import { Injectable } from '@nestjs/common';

export interface StoredFile {
  id: number;
  kind: string;
  contentType: string;
  sizeBytes: number;
}

const placeOf = (id: number): string => `channel_files/${id}/content`;
const COLUMNS = 'id, kind, content_type AS "contentType", size_bytes AS "sizeBytes"';

/** What people sent that no model looks at. Encrypted, and erased with the conversation. */
@Injectable()
export class FilesRepository {
  constructor(
    private readonly database: Database,
    private readonly cipher: FieldCipher,
  ) {}

  /** The file of a message, if it was stored already. @param position among the message's files */
  async find(channelId: number, externalId: string, position: number): Promise<StoredFile | undefined> {
    const [row] = await this.database.query<StoredFile>(
      `SELECT ${COLUMNS} FROM channel_files WHERE channel_id = $1 AND external_id = $2 AND position = $3`,
      [channelId, externalId, position],
    );
    return row;
  }

  async add(file: {
    channelId: number;
    conversationId: number;
    externalId: string;
    position: number;
    kind: string;
    contentType: string;
    content: Buffer;
  }): Promise<StoredFile> {
    const [next] = await this.database.query<{ id: number }>(
      `SELECT nextval(pg_get_serial_sequence('channel_files', 'id')) AS id`,
    );
    const id = Number(next!.id);
    const [row] = await this.database.query<StoredFile>(
      `INSERT INTO channel_files (id, channel_id, conversation_id, external_id, position, kind, content_type, size_bytes, content, encryption_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
      [
        id,
        file.channelId,
        file.conversationId,
        file.externalId,
        file.position,
        file.kind,
        file.contentType,
        file.content.length,
        this.cipher.encryptBytes(file.content, placeOf(id)),
        this.cipher.currentKeyId,
      ],
    );
    return row ?? (await this.find(file.channelId, file.externalId, file.position))!;
  }

  /** The message that they came with is there. */
  async attach(channelId: number, externalId: string, messageId: number): Promise<void> {
    await this.database.query(
      'UPDATE channel_files SET message_id = $3 WHERE channel_id = $1 AND external_id = $2 AND message_id IS NULL',
      [channelId, externalId, messageId],
    );
  }

  /** One of a conversation. */
  async findOf(conversationId: number, id: number): Promise<ConversationFile | undefined> {
    const [row] = await this.database.query<ConversationFile>(
      'SELECT id, message_id AS "messageId", kind FROM channel_files WHERE conversation_id = $1 AND id = $2',
      [conversationId, id],
    );
    return row;
  }

  /** @throws DecryptionError */
  async contentOf(conversationId: number, id: number): Promise<Buffer | undefined> {
    const [row] = await this.database.query<{ content: Buffer }>(
      'SELECT content FROM channel_files WHERE conversation_id = $1 AND id = $2',
      [conversationId, id],
    );
    return row && this.cipher.decryptBytes(row.content, placeOf(id));
  }

  /** @throws DecryptionError */
  async read(channelId: number, id: number): Promise<(StoredFile & { content: Buffer }) | undefined> {
    const [row] = await this.database.query<StoredFile & { content: Buffer }>(
      `SELECT ${COLUMNS}, content FROM channel_files WHERE channel_id = $1 AND id = $2`,
      [channelId, id],
    );
    return row && { ...row, content: this.cipher.decryptBytes(row.content, placeOf(id)) };
  }
}
