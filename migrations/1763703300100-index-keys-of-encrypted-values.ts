import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Values that are always encrypted name their key themselves. */
const INDEXES: { table: string; column: string; value?: string; id: string; where: string }[] = [
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

/** So that what has an old key is found without reading whole tables. */
export class IndexKeysOfEncryptedValues1763703300100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const { table, column, value = column, id, where } of INDEXES) {
      await runner.query(
        `CREATE INDEX ${table}_${column}_key_idx ON ${table} (split_part(${value}, ':', 2), ${id}) WHERE ${where}`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { table, column } of INDEXES) await runner.query(`DROP INDEX ${table}_${column}_key_idx`);
  }
}
