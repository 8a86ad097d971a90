import { PinoLogger } from 'nestjs-pino';
import { type Backend, BACKENDS, startBackend } from '../../../../test/support/backends';
import { type EmptyDatabase, createDatabase } from '../../../../test/support/own-database';
import { eventually } from '../../../../test/support/process';
import { AppConfig } from '../config';
import { RedisConnections } from '../redis';
import { JobSchedules } from './job-schedules';
import { type OpenQueue, openQueue } from './open-queue';

const HOUR_MS = 3_600_000;
const RENEW_MS = 50;

describe.each(BACKENDS)('JobSchedules (queue in %s)', (backendName) => {
  let database: EmptyDatabase;
  let backend: Backend;
  let opened: OpenQueue;
  let schedules: JobSchedules;

  beforeAll(async () => {
    database = await createDatabase();
    backend = await startBackend(backendName);
    const { queue } = new AppConfig({
      DATABASE_URL: database.url,
      SECRET_KEY: 'x'.repeat(40),
      ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
      ...backend.env,
    });
    opened = openQueue(queue, await RedisConnections.create(queue, new PinoLogger({ pinoHttp: { level: 'silent' } })));
    await opened.ready();
    schedules = new JobSchedules(opened.queue, () => undefined, RENEW_MS);
  });
  afterAll(async () => {
    schedules.close();
    await opened.close();
    await backend.stop();
    await database.drop();
  });

  const next = async (): Promise<number | undefined> => (await opened.queue.getJobScheduler('logins.clean-up'))?.next;

  it('are put in once: looking at them again does not begin the interval anew', async () => {
    schedules.add({ name: 'logins.clean-up', data: {}, everyMs: HOUR_MS });
    const first = await eventually(next, 'the schedule');
    const looks = jest.spyOn(opened.queue, 'getJobScheduler');
    await eventually(() => (looks.mock.calls.length > 5 ? true : undefined), 'some more looks');
    looks.mockRestore();
    expect(await next()).toBe(first);
  });

  it('come back after the queue was emptied', async () => {
    await opened.queue.removeJobScheduler('logins.clean-up');
    await backend.redis?.flush();
    await eventually(next, 'the schedule to be there again');
  });

  it('take a new interval', async () => {
    schedules.add({ name: 'logins.clean-up', data: {}, everyMs: HOUR_MS / 2 });
    await eventually(
      async () => ((await opened.queue.getJobScheduler('logins.clean-up'))?.every === HOUR_MS / 2 ? true : undefined),
      'the new interval',
    );
  });
});
