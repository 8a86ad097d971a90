import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config';

const ALGORITHM = 'aes-256-gcm';
/** What GCM is defined for; random nonces of this size are safe for 2^32 values under one key (NIST SP 800-38D, 8.3). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SHAPE = /^enc:([A-Za-z0-9-]{1,16}):([A-Za-z0-9_-]+)$/;
/** How encrypted bytes begin; what follows is binary. */
const BYTES_START = /^enc:([A-Za-z0-9-]{1,16}):/;
const LONGEST_START = 'enc::'.length + 16;

interface RingKey {
  id: string;
  encryption: Buffer;
  fingerprint: Buffer;
}

/** `missing-key`: `ENCRYPTION_KEYS` lacks it. `wrong`: it is not the value that was written to this place. */
export type DecryptionFailure = 'missing-key' | 'wrong';

/** A value cannot be read: its key is not in `ENCRYPTION_KEYS`, or it is not the value that was written to this place. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';

  constructor(
    readonly reason: DecryptionFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
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

  /** Names of all keys, the current one first. */
  get keyIds(): string[] {
    return this.keys.map(({ id }) => id);
  }

  /** `enc:<key>:<nonce, ciphertext and tag in base64url>` */
  encrypt(plain: string, place: string): string {
    const { id, encryption } = this.keys[0]!;
    return `enc:${id}:${seal(encryption, Buffer.from(plain, 'utf8'), place).toString('base64url')}`;
  }

  /** The same for bytes: `enc:<key>:`, then nonce, ciphertext and tag as they are. */
  encryptBytes(plain: Buffer, place: string): Buffer {
    const { id, encryption } = this.keys[0]!;
    return seal(encryption, plain, place, Buffer.from(`enc:${id}:`));
  }

  /** @throws DecryptionError when the value is not what was encrypted for this place, or its key is not there */
  decrypt(value: string, place: string): string {
    const [, id, sealed] = SHAPE.exec(value) ?? [];
    if (sealed === undefined) throw new DecryptionError('wrong', `${place} is not encrypted.`);
    return this.open(id!, Buffer.from(sealed, 'base64url'), place).toString('utf8');
  }

  /** @throws DecryptionError like `decrypt` */
  decryptBytes(value: Buffer, place: string): Buffer {
    const [start, id] = BYTES_START.exec(value.subarray(0, LONGEST_START).toString('latin1')) ?? [];
    if (start === undefined) throw new DecryptionError('wrong', `${place} is not encrypted.`);
    return this.open(id!, value.subarray(start.length), place);
  }

  private open(id: string, sealed: Buffer, place: string): Buffer {
    const key = this.keys.find((candidate) => candidate.id === id);
    if (key === undefined) {
      throw new DecryptionError('missing-key', `${place} is encrypted with a key that ENCRYPTION_KEYS lacks: ${id}.`);
    }
    if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new DecryptionError('wrong', `${place} is cut.`);
    const decipher = createDecipheriv(ALGORITHM, key.encryption, sealed.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      // GCM holds nothing back, so that `final` only checks the tag.
      const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
      decipher.final();
      return plain;
    } catch (cause) {
      throw new DecryptionError('wrong', `${place} does not hold what was encrypted for it.`, { cause });
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

function seal(key: Buffer, plain: Buffer, place: string, start: Buffer = Buffer.alloc(0)): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(place));
  return Buffer.concat([start, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

const derive = (key: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `parley:${purpose}`, 32));
