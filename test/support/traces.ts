import type { Database } from '@app/platform';

/** Columns that may hold text in some form. */
const COLUMNS = `SELECT c.table_schema AS schema, c.table_name AS table, c.column_name AS column, c.data_type = 'bytea' AS "isBytes"
  FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
  WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')`;

/**
 * Where a text stands in the clear in a whole database: every column of every table of every schema, unlogged ones and those of the queue included,
 * as text, as bytes, and as base64 and hexadecimal digits of it. Letters of either case count.
 * @returns names of columns
 */
export async function tracesOf(database: Pick<Database, 'query'>, text: string): Promise<string[]> {
  const bytes = Buffer.from(text);
  // Wherever it begins in a longer text, two of three of its base64 forms' inner characters are the same.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  );
  const found: string[] = [];
  for (const { schema, table, column, isBytes } of await database.query<{
    schema: string;
    table: string;
    column: string;
    isBytes: boolean;
  }>(COLUMNS)) {
    const name = `"${schema}"."${table}"`;
    const value = isBytes ? `encode("${column}", 'escape')` : `"${column}"::text`;
    const rows = await database.query(
      `SELECT 1 FROM ${name} WHERE position(lower($1) in lower(${value})) > 0 OR position($2 in lower(${value})) > 0
         OR EXISTS (SELECT 1 FROM unnest($3::text[]) AS form WHERE position(form in ${value}) > 0) LIMIT 1`,
      [text, bytes.toString('hex'), base64],
    );
    if (rows.length > 0) found.push(`${schema}.${table}.${column}`);
  }
  return found;
}
