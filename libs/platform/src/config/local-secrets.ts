import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SECRET_BYTES = 32;

/**
 * Gives a single-box installation its own `SECRET_KEY` and `ENCRYPTION_KEYS`: made once, kept in the data directory (readable by its owner
 * only), put into `env` unless they are set there.
 */
export function ensureLocalSecrets(dataDir: string, env: NodeJS.ProcessEnv): void {
  if (isEmpty(env.SECRET_KEY)) env.SECRET_KEY = readOrCreate(join(dataDir, 'secret-key'));
  if (isEmpty(env.ENCRYPTION_KEYS)) env.ENCRYPTION_KEYS = `local:${readOrCreate(join(dataDir, 'encryption-key'))}`;
}

const isEmpty = (value: string | undefined): boolean => value === undefined || value.trim() === '';

function readOrCreate(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(join(file, '..'), { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, randomBytes(SECRET_BYTES).toString('hex'), { mode: 0o600, flush: true });
    try {
      // Linking is atomic and never overwrites: of two first starts at the same moment both use one secret.
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  return readFileSync(file, 'utf8').trim();
}
