import { Database } from '@app/platform';

/** Tells how PostgreSQL would run statements, instead of running them: as prepared statements, which is how processes that go on for long run them. */
export class PlanReader extends Database {
  private readonly plans: string[] = [];

  override async query<T>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    const rows = await super.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${sql}`, params);
    this.plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    return [];
  }

  /** Of the statements since this was asked last. */
  take(): string {
    return this.plans.splice(0).join('\n');
  }
}
