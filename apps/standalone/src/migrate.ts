import { resolve } from 'node:path';
import { AppConfig, EmbeddedPostgres, loadEnvFile, runMigrations } from '@app/platform';
import { explain } from './explain';

let dataDir = '';

/** `npm run migrate`: brings the database of DATABASE_URL, else the embedded one, up to date. */
async function main(): Promise<void> {
  loadEnvFile();
  dataDir = resolve(process.env.DATA_DIR?.trim() || '.data');
  const isEmbedded = (process.env.DATABASE_URL ?? '').trim() === '';
  const postgres = isEmbedded ? new EmbeddedPostgres({ dataDir }) : undefined;
  try {
    const started = await postgres?.start();
    if (started !== undefined) process.env.DATABASE_URL = started.url;
    process.env.SECRET_KEY ??= 'not-used-by-migrations-not-used-by-migrations';
    process.env.ENCRYPTION_KEYS ??= `none:${'0'.repeat(64)}`;
    process.env.ALLOW_SIMULATOR ??= 'true';
    const { database, queue } = new AppConfig(process.env);
    const applied = await runMigrations(database.url, queue);
    process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied: ${applied.join(', ')}\n`);
  } finally {
    await postgres?.stop();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${explain(error, dataDir)}\n`);
    process.exit(1);
  },
);
