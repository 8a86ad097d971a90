import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DataSource as TypeOrmDataSource, DataSourceOptions } from 'typeorm';
import { ROOT } from '../processes';

/** What is needed of the built libraries. */
interface Platform {
  Database: new (dataSource: TypeOrmDataSource) => object;
  connectionOptions(url: string, poolSize: number): DataSourceOptions;
}
interface Rollups {
  RollupsRepository: new (database: object) => object;
}
interface RollUp {
  RollUpService: new (rollups: object) => { run(budgetMs: number): Promise<void> };
}

/** Sums everything up, as the scheduled job does it. @returns how long that took, in ms */
export async function rollUp(url: string): Promise<number> {
  const load = createRequire(join(ROOT, 'package.json'));
  const dist = join(ROOT, 'dist/libs');
  const platform = load(join(dist, 'platform/src/database')) as Platform;
  const { RollupsRepository } = load(join(dist, 'analytics/src/persistence/rollups.repository')) as Rollups;
  const { RollUpService } = load(join(dist, 'analytics/src/rollups/roll-up.service')) as RollUp;
  const { DataSource } = load('typeorm') as { DataSource: new (options: DataSourceOptions) => TypeOrmDataSource };
  const source = new DataSource(platform.connectionOptions(url, 3));
  await source.initialize();
  const began = performance.now();
  try {
    await new RollUpService(new RollupsRepository(new platform.Database(source))).run(3_600_000);
    return performance.now() - began;
  } finally {
    await source.destroy();
  }
}
