import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiModule } from './api.module';
import { buildOpenApi } from './openapi-document';

const FILE = 'docs/openapi.json';

/** Writes docs/openapi.json, or with --check says whether it is up to date. Needs no database: the application is only described. */
async function main(): Promise<void> {
  process.env.DATABASE_URL ??= 'postgres://describe-only@127.0.0.1:1/none';
  process.env.SECRET_KEY ??= 'x'.repeat(64);
  process.env.ENCRYPTION_KEYS ??= `none:${'0'.repeat(64)}`;
  process.env.LOG_LEVEL = 'silent';
  const app: INestApplication = await NestFactory.create(ApiModule, new FastifyAdapter(), {
    preview: true,
    logger: false,
  });
  const text = `${JSON.stringify(buildOpenApi(app), null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(FILE, text);
    process.stdout.write(`Wrote ${FILE}.\n`);
  } else if (readFileSync(FILE, 'utf8') === text) {
    process.stdout.write(`${FILE} is up to date.\n`);
  } else {
    process.stderr.write(`${FILE} does not fit the code. Run: npm run openapi\n`);
    process.exitCode = 1;
  }
}

void main();
