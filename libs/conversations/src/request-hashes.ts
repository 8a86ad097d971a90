import { createHash } from 'node:crypto';
import { FieldCipher } from '@app/platform';
import { Injectable } from '@nestjs/common';

const HASH_BYTES = 32;
const PURPOSE = 'request';

/** What an idempotency key stands for. */
export interface RequestHash {
  /** For the turn's row. */
  stored: Buffer;
  /** Whether a turn was made by the same request. */
  isOf(turn: { request_hash: Buffer }): boolean;
}

/** Tells whether two requests with one idempotency key are the same. */
@Injectable()
export class RequestHashes {
  constructor(private readonly cipher: FieldCipher) {}

  /**
   * @param isSecret the request has what is said in an encrypted conversation: a plain hash of a short message could be guessed, so that it is
   * keyed then, and the name of the key stands behind it
   */
  of(request: string, isSecret: boolean): RequestHash {
    if (!isSecret) {
      const stored = createHash('sha256').update(request).digest();
      return { stored, isOf: ({ request_hash: other }) => other.equals(stored) };
    }
    const keyIds = this.cipher.keyIds;
    const hashes = this.cipher
      .fingerprints(request, PURPOSE)
      .map((hash, index) => Buffer.concat([hash, Buffer.from(keyIds[index]!)]));
    return {
      stored: hashes[0]!,
      isOf: ({ request_hash: other }) => {
        const keyId = other.subarray(HASH_BYTES).toString();
        // A key that is gone cannot say that they differ; then the idempotency key alone decides.
        return hashes.some((hash) => hash.equals(other)) || (keyId !== '' && !keyIds.includes(keyId));
      },
    };
  }
}
