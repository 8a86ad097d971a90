import { FieldCipher, FieldReader } from '@app/platform';
import { Injectable } from '@nestjs/common';

const UNREADABLE = '(This is encrypted and cannot be read: its key is missing.)';

interface Columns {
  escalation_triggers: 'evidence';
  escalation_events: 'note';
  escalations: 'summary' | 'suggested_reply' | 'csat_comment';
  webhook_endpoints: 'secret';
}
type Table = keyof Columns;

/** A value with the key that it is encrypted with; null: it is not. */
export interface Sealed {
  text: string | null;
  key: string | null;
}

/** What is written about conversations that are encrypted is encrypted, too: for its row, and read again. */
@Injectable()
export class SealedEscalations {
  constructor(
    private readonly cipher: FieldCipher,
    private readonly reader: FieldReader,
  ) {}

  seal<T extends Table>(table: T, id: number, column: Columns[T], plain: string | null, isEncrypted: boolean): Sealed {
    if (!isEncrypted || plain === null) return { text: plain, key: null };
    return { text: this.cipher.encrypt(plain, `${table}/${id}/${column}`), key: this.cipher.currentKeyId };
  }

  /** @param key null: it is not encrypted */
  open<T extends Table>(
    table: T,
    id: number,
    column: Columns[T],
    text: string | null,
    key: string | null,
  ): string | null {
    if (text === null || key === null) return text;
    return this.tryOpen(table, id, column, text) ?? UNREADABLE;
  }

  /** Undefined when its key is missing. */
  tryOpen<T extends Table>(table: T, id: number, column: Columns[T], text: string): string | undefined {
    const opened = this.reader.open(text, `${table}/${id}/${column}`);
    return 'plain' in opened ? opened.plain : undefined;
  }
}
