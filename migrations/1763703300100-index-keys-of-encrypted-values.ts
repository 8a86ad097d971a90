import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows that name the key of what is encrypted in them, and the checks that the migration before has added. */
const KEYED: { table: string; id: string; checks: string[] }[] = [
  {
    table: 'messages',
    id: 'id',
    checks: ['tool_calls_check', 'citations_check', 'images_check', 'encryption_key_check'],
  },
  { table: 'message_feedback', id: 'message_id', checks: ['comment_length', 'encryption_key_check'] },
  { table: 'conversation_summaries', id: 'conversation_id', checks: ['length', 'encryption_key_check'] },
  { table: 'uploads', id: 'id', checks: ['size_check'] },
];

/** Values that are always encrypted name their key themselves. */
const NAMED: { table: string; column: string; value?: string; id: string; where: string }[] = [
  { table: 'users', column: 'visitor_external_id', id: 'id', where: `visitor_external_id LIKE 'enc:%'` },
  { table: 'sessions', column: 'visitor_data', id: 'id', where: `visitor_data LIKE 'enc:%'` },
  { table: 'sessions', column: 'summary', id: 'id', where: `summary LIKE 'enc:%'` },
  { table: 'sessions', column: 'goals', value: '(goals ->> 0)', id: 'id', where: `(goals ->> 0) LIKE 'enc:%'` },
  {
    table: 'support_doors',
    column: 'identity_secret',
    id: 'workspace_id',
    where: `identity_secret LIKE 'enc:%'`,
  },
  { table: 'turn_stream_chunks', column: 'entries', id: 'turn_id', where: `entries LIKE 'enc:%'` },
];

const INDEXES: { name: string; on: string }[] = [
  ...KEYED.map(({ table, id }) => ({
    name: `${table}_encryption_key_idx`,
    on: `${table} (encryption_key, ${id}) WHERE encryption_key IS NOT NULL`,
  })),
  ...NAMED.map(({ table, column, value = column, id, where }) => ({
    name: `${table}_${column}_key_idx`,
    on: `${table} (split_part(${value}, ':', 2), ${id}) WHERE ${where}`,
  })),
];

/** So that what has an old key is found without reading whole tables. Nobody who reads or writes is held up meanwhile. */
export class IndexKeysOfEncryptedValues1763703300100 implements MigrationInterface {
  /** `CONCURRENTLY` cannot be part of a transaction. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const { name, on } of INDEXES) {
      // A former try that was cut off leaves an index that is not valid.
      await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
      await runner.query(`CREATE INDEX CONCURRENTLY ${name} ON ${on}`);
    }
    for (const { table, checks } of KEYED) {
      for (const check of checks) await runner.query(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${table}_${check}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of INDEXES) await runner.query(`DROP INDEX ${name}`);
  }
}
