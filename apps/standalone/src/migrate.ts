import { AppConfig, loadEnvFile, runMigrations } from '@app/platform';

/** `npm run migrate`: brings the database of DATABASE_URL up to date. */
async function main(): Promise<void> {
  loadEnvFile();
  process.env.SECRET_KEY ??= 'not-used-by-migrations-not-used-by-migrations';
  process.env.ALLOW_SIMULATOR ??= 'true';
  const applied = await runMigrations(new AppConfig(process.env).database.url);
  process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied: ${applied.join(', ')}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
