import { FieldCipher, FieldReader } from '@app/platform';
import { Injectable } from '@nestjs/common';

const placeOf = (outboxId: number): string => `channel_outbox/${outboxId}/content`;

/** What is to leave is encrypted for its row. */
@Injectable()
export class SealedOutbox {
  constructor(
    private readonly cipher: FieldCipher,
    private readonly reader: FieldReader,
  ) {}

  get keyId(): string {
    return this.cipher.currentKeyId;
  }

  seal(outboxId: number, content: string): string {
    return this.cipher.encrypt(content, placeOf(outboxId));
  }

  /** Null when it cannot be read. */
  open(outboxId: number, sealed: string): string | null {
    const opened = this.reader.open(sealed, placeOf(outboxId));
    return 'plain' in opened ? opened.plain : null;
  }
}
