import 'reflect-metadata';
import {
  AppConfig,
  checkQueueServer,
  explainStartError,
  enforceShutdownDeadline,
  listenOptions,
  loadEnvFile,
  runMigrations,
} from '@app/platform';
import { ApiProcessModule } from './api.module';
import { createApi } from './bootstrap';

async function main(): Promise<void> {
  loadEnvFile();
  const { database, http, queue } = new AppConfig(process.env);
  await checkQueueServer(queue);
  await runMigrations(database.url, queue);
  const app = await createApi(ApiProcessModule);
  enforceShutdownDeadline(http.drainMs);
  app.enableShutdownHooks();
  await app.listen(listenOptions(http.port, http.host));
}

main().catch((error: unknown) => {
  process.stderr.write(`${explainStartError(error, 'The api')}\n`);
  process.exit(1);
});
