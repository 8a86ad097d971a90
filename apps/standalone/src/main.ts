import 'reflect-metadata';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  AlreadyRunningError,
  AppConfig,
  checkQueueServer,
  EmbeddedPostgres,
  ensureLocalSecrets,
  loadEnvFile,
  QueueProbe,
  RedisConnections,
  runMigrations,
} from '@app/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PinoLogger } from 'nestjs-pino';
import { createApi } from '../../api/src/bootstrap';
import { printBanner } from './banner';
import { explain } from './explain';
import { forgetInstance, rememberInstance, waitForInstance } from './instance-file';
import { holdBackLostConnections } from './lost-connections';
import { listen } from './listen';
import { StandaloneModule } from './standalone.module';

const PROBE_TIMEOUT_MS = 30_000;
/** Requests and turns that are still running after this are left to the next start; PostgreSQL gets its own time. */
const CLOSE_DEADLINE_MS = 10_000;
const SAME_SIGNAL_MS = 1000;

let app: NestFastifyApplication | undefined;
let postgres: EmbeddedPostgres | undefined;
let dataDir = '';
let isEnding = false;
let endingSince = 0;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  loadEnvFile();
  dataDir = resolve(process.env.DATA_DIR?.trim() || '.data');
  let databaseDir: string | undefined;
  const isEmbedded = (process.env.DATABASE_URL ?? '').trim() === '';
  if (isEmbedded) {
    postgres = new EmbeddedPostgres({
      dataDir,
      onNotice: complain,
      onFatal: (error) => void end(1, error.message),
      // The launcher ends PostgreSQL should this process be killed.
      onServer: (pid) => process.send?.({ postgres: pid }),
    });
    const started = await postgres.start();
    process.env.DATABASE_URL = started.url;
    databaseDir = started.dataDir;
  }
  ensureLocalSecrets(dataDir, process.env);
  const config = new AppConfig(process.env);
  await checkQueueServer(config.queue);
  await runMigrations(config.database.url, config.queue);
  app = await createApi(StandaloneModule);
  if (isEmbedded) holdBackLostConnections(() => isEnding);
  const url = await listen(app, config.http, say);
  const roundTripMs = await probeQueue(app);
  if (isEmbedded) rememberInstance(dataDir, url);
  await printBanner(app, { url, dataDir, databaseDir, roundTripMs, say });
}

/** Milliseconds of one round trip, or null while Redis is away: answers are slower then, which is no reason not to start. */
async function probeQueue(started: NestFastifyApplication): Promise<number | null> {
  try {
    return await started.get(QueueProbe).roundTrip(PROBE_TIMEOUT_MS);
  } catch (error) {
    if (started.get(RedisConnections).isDown) return null;
    throw error;
  }
}

async function end(code: number, reason?: string): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  endingSince = performance.now();
  if (reason !== undefined) complain(reason);
  postgres?.expectEnd();
  // Ctrl-C reaches PostgreSQL too, so closing finds its connections broken. What was committed is safe, so nobody needs to read it.
  if (PinoLogger.root !== undefined) PinoLogger.root.level = 'silent';
  await Promise.race([app?.close().catch(() => undefined), delay(CLOSE_DEADLINE_MS)]);
  forgetInstance(dataDir);
  await postgres?.stop().catch(() => undefined);
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // One Ctrl-C arrives twice, from the terminal and through the launcher; a second one later means: now.
    if (isEnding && signal === 'SIGINT' && performance.now() - endingSince > SAME_SIGNAL_MS) process.exit(130);
    void end(0);
  });
}
// The launcher died, even if by kill -9: nobody is left to end us.
process.on('disconnect', () => void end(0));
// Whoever read our output has gone (`npm start | head`); that is no reason to end.
process.stdout.on('error', () => undefined);
// Connections to a PostgreSQL that goes down with us break in many places.
process.on('uncaughtException', (error) => {
  if (!isEnding) void end(1, explain(error, dataDir));
});

main().catch(async (error: unknown) => {
  if (error instanceof AlreadyRunningError) await waitForInstance(dataDir, error);
  if (!isEnding) void end(1, explain(error, dataDir));
});
