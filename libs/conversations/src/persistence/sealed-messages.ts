import { FieldCipher, FieldReader, type Opened } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { StoredCitation, StoredImage, StoredToolCall } from './message-extras';
import { MessageIds } from './message-ids';
import { UNREADABLE_CODE, UNREADABLE_TEXT } from './unreadable';

/** What of a message is encrypted in conversations that are. */
export interface MessageSecrets {
  content: string;
  images?: readonly StoredImage[];
  toolCalls?: readonly StoredToolCall[];
  citations?: readonly StoredCitation[];
}

/** The columns of a message as they are stored; lists as JSON. */
export interface StoredMessage {
  content: string;
  images: string | null;
  toolCalls: string | null;
  citations: string | null;
  /** Null: nothing is encrypted. */
  encryptionKey: string | null;
}

type Column = 'content' | 'images' | 'tool_calls' | 'citations';

/** A message as it was read, with as many of its columns as were selected. */
interface ReadMessage {
  id: number;
  content: string;
  encryption_key?: string | null;
  error_code?: string | null;
  images?: StoredImage[] | null;
  tool_calls?: StoredToolCall[] | null;
  citations?: StoredCitation[] | null;
}

const placeOf = (messageId: number, column: Column): string => `messages/${messageId}/${column}`;
const listOf = (items: readonly unknown[] = []): string | null => (items.length === 0 ? null : JSON.stringify(items));

/** The one place where what is said is encrypted for its row of `messages`, and read again. What is not encrypted goes through as it is. */
@Injectable()
export class SealedMessages {
  constructor(
    private readonly cipher: FieldCipher,
    private readonly reader: FieldReader,
    private readonly ids: MessageIds,
  ) {}

  /** The id that a message of an encrypted conversation will have. */
  newId(): Promise<number> {
    return this.ids.next();
  }

  /** @param messageId of a message whose conversation is encrypted; null when it is not */
  toStore(messageId: number | null, { content, images, toolCalls, citations }: MessageSecrets): StoredMessage {
    const lists = { images: listOf(images), toolCalls: listOf(toolCalls), citations: listOf(citations) };
    if (messageId === null) return { content, ...lists, encryptionKey: null };
    const sealed = (plain: string | null, column: Column): string | null =>
      plain === null ? null : JSON.stringify(this.cipher.encrypt(plain, placeOf(messageId, column)));
    return {
      // An empty text says nothing, and statements ask whether it is empty.
      content: content === '' ? '' : this.cipher.encrypt(content, placeOf(messageId, 'content')),
      images: sealed(lists.images, 'images'),
      toolCalls: sealed(lists.toolCalls, 'tool_calls'),
      citations: sealed(lists.citations, 'citations'),
      encryptionKey: this.cipher.currentKeyId,
    };
  }

  /** A message for readers. One that cannot be read says so, and has the code of it. */
  opened<R extends ReadMessage>(row: R): R {
    if (row.encryption_key === undefined || row.encryption_key === null) return row;
    const content = this.content(row.id, row.content);
    return {
      ...row,
      ...('plain' in content
        ? { content: content.plain }
        : { content: UNREADABLE_TEXT, ...('error_code' in row ? { error_code: UNREADABLE_CODE } : {}) }),
      ...this.openedList(row, 'images'),
      ...this.openedList(row, 'tool_calls'),
      ...this.openedList(row, 'citations'),
    };
  }

  /** The text of an encrypted message. */
  content(messageId: number, stored: string): Opened<string> {
    return stored === '' ? { plain: '' } : this.reader.open(stored, placeOf(messageId, 'content'));
  }

  /** The pictures of an encrypted message; null when they cannot be read. @param stored as it comes out of its column */
  images(messageId: number, stored: unknown): StoredImage[] | null {
    return this.list<StoredImage>(messageId, 'images', stored);
  }

  private openedList(row: ReadMessage, column: Exclude<Column, 'content'>): Partial<ReadMessage> {
    const stored: unknown = row[column];
    return stored === undefined ? {} : { [column]: this.list(row.id, column, stored) };
  }

  private list<T>(messageId: number, column: Column, stored: unknown): T[] | null {
    if (typeof stored !== 'string') return stored as T[] | null;
    const opened = this.reader.open(stored, placeOf(messageId, column));
    return 'plain' in opened ? (JSON.parse(opened.plain) as T[]) : null;
  }
}
