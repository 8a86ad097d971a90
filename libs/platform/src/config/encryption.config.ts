import type { EnvReader } from './env-reader';

export interface EncryptionConfig {
  /** The first encrypts, all decrypt. */
  keys: { id: string; key: Buffer }[];
}

/** AES-256 takes exactly this. */
const KEY_BYTES = 32;
const KEY_SHAPE = /^([a-z0-9][a-z0-9-]{0,15}):([0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/i;

export function readEncryption(reader: EnvReader): EncryptionConfig {
  const written = reader.list('ENCRYPTION_KEYS');
  if (written.length === 0) {
    reader.problem(
      'ENCRYPTION_KEYS',
      'is not set. Set it to a name and a key of 32 random bytes, for example k1:<the output of `openssl rand -hex 32`>.',
    );
  }
  const keys = written.flatMap((entry) => {
    const [, id, text] = KEY_SHAPE.exec(entry) ?? [];
    if (id === undefined || text === undefined) return [];
    const key = Buffer.from(text, text.length === KEY_BYTES * 2 ? 'hex' : 'base64');
    return key.length === KEY_BYTES ? [{ id, key }] : [];
  });
  if (keys.length < written.length) {
    reader.problem(
      'ENCRYPTION_KEYS',
      'must be a list like k2:<key>,k1:<key>: a name of letters and digits, and 32 random bytes as 64 hexadecimal digits or base64.',
    );
  }
  if (new Set(keys.map(({ id }) => id)).size < keys.length) {
    reader.problem('ENCRYPTION_KEYS', 'names a key twice. Every key needs a name of its own.');
  }
  return { keys };
}
