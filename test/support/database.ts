import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connectionOptions, Database } from '@app/platform';
import { DataSource } from 'typeorm';
import { createDatabase } from './own-database';

const LIBS = resolve(__dirname, '../../libs');

/** All entity classes of all libraries. */
async function entities(): Promise<(() => unknown)[]> {
  const files = globSync(join(LIBS, '*/src/persistence/*.entity.ts')).sort();
  const modules = await Promise.all(files.map((file) => import(file) as Promise<Record<string, unknown>>));
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value): value is () => unknown => typeof value === 'function');
}

export interface TestDatabase {
  database: Database;
  dataSource: DataSource;
  url: string;
  close(): Promise<void>;
}

/** The platform's `Database` on a migrated database of its own, for `*.db-spec.ts`. */
export async function testDatabase(): Promise<TestDatabase> {
  const empty = await createDatabase();
  const dataSource = new DataSource({ ...connectionOptions(empty.url, 10), entities: await entities() });
  await dataSource.initialize();
  return {
    database: new Database(dataSource),
    dataSource,
    url: empty.url,
    close: async () => {
      await dataSource.destroy();
      await empty.drop();
    },
  };
}
