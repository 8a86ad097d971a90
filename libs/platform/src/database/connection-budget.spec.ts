import type { QueueConfig } from '../config';
import { connectionBudget, connectionWarning, MIGRATION_CONNECTIONS } from './connection-budget';

const url = 'postgres://parley@127.0.0.1/parley';
const DEFAULT = connectionBudget({ database: { url, poolSize: 10 }, queue: { backend: 'postgres', url } });
const inRedis = { backend: 'redis' } as unknown as QueueConfig;
/** max_connections 100 less superuser_reserved_connections 3: PostgreSQL's defaults. */
const USABLE = 97;

describe('connections to PostgreSQL', () => {
  it('are at most what docs/operations.md says', () => {
    expect(DEFAULT).toEqual({ api: 13, worker: 18 });
    expect(connectionBudget({ database: { url, poolSize: 10 }, queue: inRedis })).toEqual({
      api: 10,
      worker: 10,
    });
  });

  it('fit the defaults of PostgreSQL with 3 api and 3 worker processes while one of them migrates', () => {
    expect(3 * DEFAULT.api + 3 * DEFAULT.worker + MIGRATION_CONNECTIONS).toBeLessThanOrEqual(USABLE);
    expect(connectionWarning(DEFAULT, { usable: USABLE, apis: 3, workers: 3 })).toBeUndefined();
  });

  it('make a warning that names the sum and what to do when there may not be enough', () => {
    const warning = connectionWarning(DEFAULT, { usable: USABLE, apis: 3, workers: 4 });
    expect(warning).toContain('Parley can get 97');
    expect(warning).toContain('up to 111 (3 api × 13, 4 worker × 18)');
    expect(warning).toContain('DATABASE_POOL_SIZE');
  });
});
