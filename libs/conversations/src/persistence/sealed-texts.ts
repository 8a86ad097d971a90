import type { StreamEntry } from '@app/contracts';
import { FieldCipher, FieldReader, type Opened } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { UNREADABLE_COMMENT } from './unreadable';

const commentOf = (messageId: number): string => `message_feedback/${messageId}/comment`;
const summaryOf = (conversationId: number): string => `conversation_summaries/${conversationId}/content`;
const entriesOf = (turnId: number, lastNumber: number): string => `turn_stream_chunks/${turnId}/${lastNumber}/entries`;
/** Between processes, on the events bus. */
const progressOf = (turnId: number): string => `turn-progress/${turnId}`;

/** How encrypted entries begin; plain ones are a JSON list. */
const ENCRYPTED = 'enc:';

/** What belongs to messages of encrypted conversations and is kept, or travels, elsewhere: encrypted for its row there, and read again. */
@Injectable()
export class SealedTexts {
  constructor(
    private readonly cipher: FieldCipher,
    private readonly reader: FieldReader,
  ) {}

  /** The key of what is encrypted now. */
  get keyId(): string {
    return this.cipher.currentKeyId;
  }

  comment(messageId: number, plain: string | null): string | null {
    return plain === null || plain === '' ? plain : this.cipher.encrypt(plain, commentOf(messageId));
  }

  openedComment(messageId: number, stored: string | null): string | null {
    if (stored === null || stored === '') return stored;
    const opened = this.reader.open(stored, commentOf(messageId));
    return 'plain' in opened ? opened.plain : UNREADABLE_COMMENT;
  }

  summary(conversationId: number, plain: string): string {
    return plain === '' ? '' : this.cipher.encrypt(plain, summaryOf(conversationId));
  }

  openedSummary(conversationId: number, stored: string): Opened<string> {
    return stored === '' ? { plain: '' } : this.reader.open(stored, summaryOf(conversationId));
  }

  entries(turnId: number, lastNumber: number, entries: readonly StreamEntry[]): string {
    return this.cipher.encrypt(JSON.stringify(entries), entriesOf(turnId, lastNumber));
  }

  /** Also of turns that are not encrypted. None when they cannot be read: the turn's row has the whole reply in the end. */
  openedEntries(turnId: number, lastNumber: number, stored: string): StreamEntry[] {
    if (!stored.startsWith(ENCRYPTED)) return JSON.parse(stored) as StreamEntry[];
    const opened = this.reader.open(stored, entriesOf(turnId, lastNumber));
    return 'plain' in opened ? (JSON.parse(opened.plain) as StreamEntry[]) : [];
  }

  progress(turnId: number, entries: readonly StreamEntry[]): string {
    return this.cipher.encrypt(JSON.stringify(entries), progressOf(turnId));
  }

  openedProgress(turnId: number, sealed: string): StreamEntry[] {
    const opened = this.reader.open(sealed, progressOf(turnId));
    return 'plain' in opened ? (JSON.parse(opened.plain) as StreamEntry[]) : [];
  }
}
