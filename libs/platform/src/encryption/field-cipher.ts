import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config';

const ALGORITHM = 'aes-256-gcm';
/** What GCM is defined for; random nonces of this size are safe for 2^32 values under one key (NIST SP 800-38D, 8.3). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SHAPE = /^enc:([A-Za-z0-9-]{1,16}):([A-Za-z0-9_-]+)$/;

interface RingKey {
  id: string;
  encryption: Buffer;
  fingerprint: Buffer;
}

/** A value cannot be read: its key is not in `ENCRYPTION_KEYS`, or it is not the value that was written to this place. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

/**
 * Encrypts single values of the database with AES-256-GCM. Each is bound to its place: `place` (such as `messages/17/content`) is
 * authenticated along, so that a value that was moved to another row cannot be read there.
 */
@Injectable()
export class FieldCipher {
  private readonly keys: RingKey[];

  constructor(config: AppConfig) {
    this.keys = config.encryption.keys.map(({ id, key }) => ({
      id,
      encryption: derive(key, 'encryption'),
      fingerprint: derive(key, 'fingerprint'),
    }));
  }

  /** Name of the key that new values are encrypted with. */
  get currentKeyId(): string {
    return this.keys[0]!.id;
  }

  /** `enc:<key>:<nonce, ciphertext and tag in base64url>` */
  encrypt(plain: string, place: string): string {
    const { id, encryption } = this.keys[0]!;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, encryption, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `enc:${id}:${sealed.toString('base64url')}`;
  }

  /** @throws DecryptionError when the value is not what was encrypted for this place, or its key is not there */
  decrypt(value: string, place: string): string {
    const [, id, sealed] = SHAPE.exec(value) ?? [];
    const key = this.keys.find((candidate) => candidate.id === id);
    if (sealed === undefined) throw new DecryptionError(`${place} is not encrypted.`);
    if (key === undefined)
      {throw new DecryptionError(`${place} is encrypted with a key that ENCRYPTION_KEYS lacks: ${id}.`);}
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new DecryptionError(`${place} is cut.`);
    const decipher = createDecipheriv(ALGORITHM, key.encryption, bytes.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw new DecryptionError(`${place} does not hold what was encrypted for it.`, { cause });
    }
  }

  /** Name of the key that a value is encrypted with; undefined when it is not encrypted. */
  keyIdOf(value: string): string | undefined {
    return SHAPE.exec(value)?.[1];
  }

  /**
   * What a value can be found by without being stored: one keyed hash per key of the ring, the current key's first. Store the first, look for
   * any of them.
   */
  fingerprints(value: string, purpose: string): Buffer[] {
    return this.keys.map(({ fingerprint }) =>
      createHmac('sha256', fingerprint).update(`${purpose}\0${value}`).digest(),
    );
  }
}

const derive = (key: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `parley:${purpose}`, 32));
