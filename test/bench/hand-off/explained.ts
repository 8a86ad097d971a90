import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { ROOT } from '../processes';

/** What one run of a statement took. */
export interface Figures {
  executionMs: number;
  /** Of 8 KiB, in memory or read. */
  pages: number;
}

/** One statement, as PostgreSQL plans it for its values, and prepared for any. */
export interface Statement {
  own: Figures;
  any: Figures;
}

type Row = {
  'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number }; 'Execution Time': number }];
};

/** Stands where repositories have `Database`: measures their statements, and lets none change anything. */
export class Explained {
  private readonly statements: Statement[] = [];
  private readonly client: Client;

  private constructor(client: Client) {
    this.client = client;
  }

  static async open(url: string): Promise<Explained> {
    const client = new Client({ connectionString: url });
    await client.connect();
    return new Explained(client);
  }

  /** The statements that `work` has issued. */
  async figuresOf(work: () => Promise<unknown>): Promise<Statement[]> {
    this.statements.splice(0);
    await work();
    return this.statements.slice();
  }

  /** As `Database.query`, and finds nothing. */
  async query(sql: string, params: readonly unknown[] = []): Promise<never[]> {
    this.statements.push({
      own: await this.figures(sql, params, 'force_custom_plan'),
      any: await this.figures(sql, params, 'force_generic_plan'),
    });
    return [];
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  async read<T extends object>(sql: string, params: unknown[] = []): Promise<T> {
    const { rows } = await this.client.query<T>(sql, params);
    const [row] = rows;
    if (row === undefined) throw new Error(`Nothing is there: ${sql}`);
    return row;
  }

  close(): Promise<void> {
    return this.client.end();
  }

  /** The second of two runs: what is asked often is in memory. */
  private async figures(sql: string, params: readonly unknown[], mode: string): Promise<Figures> {
    await this.run(sql, params, mode);
    return this.run(sql, params, mode);
  }

  private async run(sql: string, params: readonly unknown[], mode: string): Promise<Figures> {
    await this.client.query(`BEGIN; SET LOCAL plan_cache_mode = ${mode}; PREPARE subject AS ${sql}`);
    try {
      const values = params.length === 0 ? '' : `(${params.map(literal).join(', ')})`;
      const { rows } = await this.client.query<Row>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE subject${values}`);
      const [{ Plan, 'Execution Time': executionMs }] = rows[0]!['QUERY PLAN'];
      return { executionMs, pages: Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'] };
    } finally {
      await this.client.query('ROLLBACK; DEALLOCATE subject');
    }
  }
}

/** EXECUTE takes no parameters. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  const text = Array.isArray(value)
    ? `{${value.join(',')}}`
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
  return `'${text.replaceAll("'", "''")}'`;
}

/** A compiled file of a library. */
export const built = <T>(path: string): T =>
  createRequire(join(ROOT, 'package.json'))(resolve(ROOT, 'dist/libs', path)) as T;
