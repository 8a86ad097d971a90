import 'reflect-metadata';
import { AppConfig, ConfigError, enforceShutdownDeadline, loadEnvFile, runMigrations } from '@app/platform';
import { ApiModule } from './api.module';
import { createApi } from './bootstrap';

async function main(): Promise<void> {
  loadEnvFile();
  const { database, http } = new AppConfig(process.env);
  await runMigrations(database.url);
  const app = await createApi(ApiModule);
  enforceShutdownDeadline();
  app.enableShutdownHooks();
  await app.listen(http.port, http.host);
}

main().catch((error: unknown) => {
  const text =
    error instanceof ConfigError
      ? error.message
      : `The api did not start: ${error instanceof Error ? error.stack : String(error)}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
