import 'reflect-metadata';
import {
  AppConfig,
  ConfigError,
  enforceShutdownDeadline,
  loadEnvFile,
  QuietLogger,
  runMigrations,
} from '@app/platform';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { WorkerModule } from './worker.module';

async function main(): Promise<void> {
  loadEnvFile();
  const { database, http } = new AppConfig(process.env);
  await runMigrations(database.url);
  const app = await NestFactory.create<NestFastifyApplication>(WorkerModule, new FastifyAdapter(), {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(QuietLogger));
  app.flushLogs();
  enforceShutdownDeadline();
  app.enableShutdownHooks();
  await app.listen(http.workerPort, http.host);
}

main().catch((error: unknown) => {
  const text =
    error instanceof ConfigError
      ? error.message
      : `The worker did not start: ${error instanceof Error ? error.stack : String(error)}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
