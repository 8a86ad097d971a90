import type { Database } from '../database';
import type { EncryptedTable } from './encrypted-table';

/** A row with encrypted values as it was read. */
export type EncryptedRow = Record<string, unknown> & { id: number | string; version: string };

/** What a row is to have now; columns in the order of the table's, then the derived ones. */
export interface FreshRow {
  id: number | string;
  version: string;
  values: (string | Buffer | null)[];
}

/** More are not counted exactly. */
export const COUNTED_UP_TO = 1_000_000;

/** The statements for one table. Their texts are made once, so that they are prepared like any other. */
export class EncryptedTableSql {
  private readonly used: string;
  private readonly counted: string;
  private readonly read: string;
  private readonly written: string;

  constructor(
    private readonly database: Database,
    private readonly of: EncryptedTable,
  ) {
    const { table, id, columns, key, where, keyColumn, derived = [], batch } = of;
    const smallest = (more: string): string =>
      `SELECT ${key} AS key FROM ${table} WHERE ${where}${more} ORDER BY ${key} LIMIT 1`;
    // One look into the index for each key, however many rows have it.
    this.used = `WITH RECURSIVE used AS (
        SELECT first.key::text FROM (${smallest('')}) AS first
        UNION ALL
        SELECT (SELECT next.key::text FROM (${smallest(` AND ${key} > used.key`)}) AS next) FROM used WHERE used.key IS NOT NULL
      ) SELECT key FROM used WHERE key IS NOT NULL`;
    this.counted = `SELECT count(*)::integer AS count FROM (SELECT 1 FROM ${table} WHERE ${where} AND ${key} = $1 LIMIT ${COUNTED_UP_TO}) AS rows_of_key`;
    const readColumns = [...columns.map(({ name }) => name), ...derived.flatMap(({ reads }) => reads)];
    this.read = `SELECT ${id.column} AS id, xmin::text AS version, ${readColumns.join(', ')} FROM ${table}
      WHERE ${where} AND ${key} = $1 AND ${id.column} > $2 ORDER BY ${id.column} LIMIT ${batch}`;
    const fresh = [...columns, ...derived.map(({ name, type }) => ({ name, type }))];
    const arrays = fresh.map(({ type }, index) => `$${index + 4}::${type === 'bytea' ? 'bytea' : 'text'}[]`);
    const assignments = [
      ...columns.map(({ name, type }) => `${name} = fresh.${name}${type.startsWith('jsonb') ? '::jsonb' : ''}`),
      ...derived.map(({ name, assign }) => `${name} = ${assign ?? `fresh.${name}`}`),
      ...(keyColumn === undefined ? [] : [`${keyColumn} = $1`]),
    ];
    // A row that somebody is changing is left for later: nobody waits for anybody. One that was changed since it was read has another version.
    this.written = `WITH mine AS MATERIALIZED (
        SELECT ${id.column} AS id FROM ${table} WHERE ${id.column} = ANY ($2::${id.type}[]) ORDER BY ${id.column} FOR NO KEY UPDATE SKIP LOCKED
      )
      UPDATE ${table} AS stored SET ${assignments.join(', ')}
      FROM mine, unnest($2::${id.type}[], $3::text[], ${arrays.join(', ')}) AS fresh (id, version, ${fresh.map(({ name }) => name).join(', ')})
      WHERE stored.${id.column} = mine.id AND fresh.id = mine.id AND stored.xmin = fresh.version::xid AND $1::text IS NOT NULL RETURNING 1`;
  }

  /** Names of the keys that its values are encrypted with. */
  async keysInUse(): Promise<string[]> {
    return (await this.database.query<{ key: string }>(this.used)).map(({ key }) => key);
  }

  /** Rows with this key; no more than `COUNTED_UP_TO` are counted. */
  async countOf(key: string): Promise<number> {
    return (await this.database.query<{ count: number }>(this.counted, [key]))[0]!.count;
  }

  /** Some rows with this key, by id. @param after an id; null for the first ones */
  async readBatch(key: string, after: number | string | null): Promise<EncryptedRow[]> {
    return this.database.query<EncryptedRow>(this.read, [key, after ?? (this.of.id.type === 'bigint' ? 0 : '')]);
  }

  /** Writes the rows that are still as they were read. @returns how many */
  async write(key: string, rows: readonly FreshRow[]): Promise<number> {
    const width = rows[0]?.values.length ?? 0;
    const columns = Array.from({ length: width }, (_, index) => rows.map(({ values }) => values[index] ?? null));
    const ids = rows.map(({ id }) => id);
    return (await this.database.query(this.written, [key, ids, rows.map(({ version }) => version), ...columns])).length;
  }
}
