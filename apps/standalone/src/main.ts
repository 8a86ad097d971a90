import 'reflect-metadata';
import { resolve } from 'node:path';
import {
  AlreadyRunningError,
  AppConfig,
  ConfigError,
  EmbeddedPostgres,
  EmbeddedPostgresError,
  ensureLocalSecrets,
  loadEnvFile,
  QueueProbe,
  runMigrations,
} from '@app/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApi } from '../../api/src/bootstrap';
import { printBanner } from './banner';
import { alreadyRunningText, forgetInstance, rememberInstance } from './instance-file';
import { listen } from './listen';
import { StandaloneModule } from './standalone.module';

const PROBE_TIMEOUT_MS = 30_000;
/** After this an orderly end is given up; PostgreSQL and the design survive that. */
const SHUTDOWN_DEADLINE_MS = 10_000;
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
    postgres = new EmbeddedPostgres({ dataDir, onNotice: complain, onFatal: (error) => void end(1, error.message) });
    const started = await postgres.start();
    process.env.DATABASE_URL = started.url;
    databaseDir = started.dataDir;
  }
  ensureLocalSecrets(dataDir, process.env);
  const config = new AppConfig(process.env);
  await runMigrations(config.database.url);
  app = await createApi(StandaloneModule);
  const url = await listen(app, config.http, say);
  const roundTripMs = await app.get(QueueProbe).roundTrip(PROBE_TIMEOUT_MS);
  if (isEmbedded) rememberInstance(dataDir, url);
  await printBanner(app, { url, dataDir, databaseDir, roundTripMs, say });
}

async function end(code: number, reason?: string): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  endingSince = performance.now();
  if (reason !== undefined) complain(reason);
  postgres?.expectEnd();
  const deadline = setTimeout(() => process.exit(code || 1), SHUTDOWN_DEADLINE_MS);
  // Ctrl-C reaches PostgreSQL too, so that closing may find it gone. What was committed is safe.
  await app?.close().catch(() => undefined);
  await postgres?.stop().catch(() => undefined);
  if (postgres !== undefined) forgetInstance(dataDir);
  clearTimeout(deadline);
  process.exit(code);
}

function explain(error: unknown): string {
  if (error instanceof AlreadyRunningError) return alreadyRunningText(dataDir, error);
  if (error instanceof ConfigError || error instanceof EmbeddedPostgresError) return error.message;
  return `Parley did not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
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
// Connections to a PostgreSQL that goes down with us break in many places.
process.on('uncaughtException', (error) => {
  if (!isEnding) void end(1, explain(error));
});

main().catch((error: unknown) => {
  if (!isEnding) void end(1, explain(error));
});
