// One PostgreSQL for all tests of a run: the same embedded one that `npm start` uses. Every test file gets a database of its own,
// copied from a migrated template.
const { chmodSync, mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const DIST = join(__dirname, '../../dist/libs/platform/src');

module.exports = async () => {
  const { buildClient } = await import('../../scripts/lib/build-client.mjs');
  const { exclusively } = await import('../../scripts/lib/lock.mjs');
  await exclusively(() => buildClient(process.execPath));
  const { Client } = require('pg');
  const { EmbeddedPostgres } = require(join(DIST, 'embedded-postgres'));
  const { runMigrations } = require(join(DIST, 'database/run-migrations'));
  const directory = mkdtempSync(join(tmpdir(), 'parley-test-'));
  // Started as root, PostgreSQL runs as another user, who must get to its files.
  chmodSync(directory, 0o711);
  const postgres = new EmbeddedPostgres({ dataDir: directory, settings: { fsync: 'off' } });
  const { url } = await postgres.start();
  const admin = new Client({ connectionString: url });
  await admin.connect();
  await admin.query('CREATE DATABASE parley_template');
  await admin.end();
  const template = new URL(url);
  template.pathname = '/parley_template';
  await runMigrations(template.href);
  process.env.TEST_POSTGRES_URL = url;
  globalThis.__PARLEY_TEST__ = { postgres, directory };
};
