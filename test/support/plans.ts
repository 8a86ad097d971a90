import { Database } from '@app/platform';

type Plan = { 'QUERY PLAN': string }[];

/** Tells how PostgreSQL would run statements, instead of running them: with these values, and prepared for any, as processes that go on for long run them. */
export class PlanReader extends Database {
  private readonly plans: Plan[] = [];

  override async query<T>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    this.plans.push(await super.query(`EXPLAIN ${sql}`, params));
    // Past `query`, which would bind values: PostgreSQL would plan for those.
    this.plans.push(await this.dataSource.query<Plan>(`EXPLAIN (GENERIC_PLAN) ${sql}`));
    return [];
  }

  /** Of the statements since this was asked last. */
  take(): string {
    const rows = this.plans.splice(0).flat();
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }
}
