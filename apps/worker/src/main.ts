import 'reflect-metadata';
import {
  AppConfig,
  checkQueueServer,
  explainStartError,
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
  const { database, http, queue } = new AppConfig(process.env);
  await checkQueueServer(queue);
  await runMigrations(database.url, queue);
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
  process.stderr.write(`${explainStartError(error, 'The worker')}\n`);
  process.exit(1);
});
