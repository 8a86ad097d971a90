import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { AppConfig, Database, EncryptedTable, FieldCipher, KeyRotation, Metrics } from '@app/platform';
import { type BenchDatabase, run } from './database';
import { ROOT } from './processes';

interface Built {
  FieldCipher: new (config: AppConfig) => FieldCipher;
  KeyRotation: new (database: Database, cipher: FieldCipher, metrics: Metrics, logger: unknown) => KeyRotation;
  Database: new (source: DataSource) => Database;
  Metrics: new () => Metrics;
  connectionOptions(url: string, connections: number): ConstructorParameters<typeof DataSource>[0];
}

const BIG = 1_000_000;
const OLD = 20_000;
const ROUNDS = 20_000;

/** What encrypting costs a message, and what finding and rotating old values costs in a table with a million encrypted ones. */
export async function benchEncryption(database: BenchDatabase, say: (text: string) => void): Promise<void> {
  const load = createRequire(join(ROOT, 'package.json'));
  const dist = resolve(ROOT, 'dist/libs');
  const built = load(join(dist, 'platform/src')) as Built;
  const { ENCRYPTED_TABLES } = load(join(dist, 'conversations/src/persistence/encrypted-tables')) as {
    ENCRYPTED_TABLES: EncryptedTable[];
  };
  const cipherOf = (...ids: string[]): FieldCipher =>
    new built.FieldCipher({ encryption: { keys: ids.map((id) => ({ id, key: Buffer.alloc(32, id) })) } } as AppConfig);
  const old = cipherOf('k1');

  say('### One text, encrypted and decrypted\n');
  say('| characters | encrypt | decrypt |');
  say('|---|---|---|');
  for (const length of [100, 1_000, 10_000, 100_000]) {
    const text = 'What shall we talk about today? '.repeat(Math.ceil(length / 32)).slice(0, length);
    const value = old.encrypt(text, 'messages/1/content');
    const rounds = Math.max(100, Math.min(ROUNDS, (ROUNDS * 1_000) / length));
    const encrypt = micros(rounds, () => old.encrypt(text, 'messages/1/content'));
    const decrypt = micros(rounds, () => old.decrypt(value, 'messages/1/content'));
    say(`| ${length.toLocaleString('en')} | ${encrypt.toFixed(1)} µs | ${decrypt.toFixed(1)} µs |`);
  }

  const url = await database.create('parley_encryption', true);
  await run(url, filled(BIG));
  await addOld(url, old);
  await run(url, 'VACUUM ANALYZE messages');
  const source = await new DataSource(built.connectionOptions(url, 4)).initialize();
  const lines: string[] = [];
  const logger = {
    info: (_: unknown, text: string) => lines.push(text),
    warn: () => undefined,
    error: () => undefined,
  };
  const rotation = new built.KeyRotation(new built.Database(source), cipherOf('k2', 'k1'), new built.Metrics(), logger);
  rotation.register(...ENCRYPTED_TABLES.filter(({ label }) => label === 'messages'));
  say(
    `\n### A table with ${BIG.toLocaleString('en')} messages of the current key, and ${OLD.toLocaleString('en')} of an old one\n`,
  );
  const startedAt = performance.now();
  const health = await rotation.health();
  say(
    `- which keys are in use, and how much has the old one: ${(performance.now() - startedAt).toFixed(1)} ms (${JSON.stringify(health.old_keys)})`,
  );
  const plan = await explain(url);
  say(`- a batch of 100 is found by:\n\n\`\`\`\n${plan}\n\`\`\`\n`);
  const from = performance.now();
  await rotation.run(600_000);
  const seconds = (performance.now() - from) / 1000;
  say(
    `- rotated: ${OLD.toLocaleString('en')} messages in ${seconds.toFixed(1)} s, three quarters of which are pauses: ${(OLD / seconds).toFixed(0)} a second`,
  );
  say(`- left: ${JSON.stringify((await rotation.health()).old_keys)}`);
  await source.destroy();
}

function micros(rounds: number, work: () => unknown): number {
  for (let warm = 0; warm < rounds / 4; warm += 1) work();
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round += 1) work();
  return ((performance.now() - startedAt) * 1000) / rounds;
}

async function addOld(url: string, cipher: FieldCipher): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const ids = Array.from({ length: OLD }, (_, index) => 10_000_000 + index);
    const text = 'What shall we talk about today? '.repeat(6);
    await client.query(
      `INSERT INTO messages (id, workspace_id, conversation_id, seq, role, status, content, encryption_key)
       SELECT id, 1, (SELECT max(id) FROM conversations), id - 10000000 + 2000000, 'user', 'sent', content, 'k1'
       FROM unnest($1::bigint[], $2::text[]) AS old (id, content)`,
      [ids, ids.map((id) => cipher.encrypt(text, `messages/${id}/content`))],
    );
  } finally {
    await client.end();
  }
}

async function explain(url: string): Promise<string> {
  const rows = await run<{ 'QUERY PLAN': string }>(
    url,
    `EXPLAIN (ANALYZE, BUFFERS) SELECT id, xmin::text AS version, content, tool_calls, citations, images FROM messages
     WHERE encryption_key IS NOT NULL AND encryption_key = 'k1' AND id > 0 ORDER BY id LIMIT 100`,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const filled = (count: number): string => `
  INSERT INTO users (username, password_hash) VALUES ('bench', 'x');
  INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, is_encrypted)
  SELECT w.id, u.id, p.id, 'Seeded', false, true FROM (SELECT max(id) AS id FROM users) u, (SELECT min(id) AS id FROM workspaces) w,
    (SELECT min(id) AS id FROM personas) p;
  INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, encryption_key)
  SELECT 1, (SELECT max(id) FROM conversations), n, 'user', 'sent', 'enc:k2:' || repeat('A', 290), 'k2' FROM generate_series(1, ${count}) n`;
