import { createDatabase, type EmptyDatabase } from '../support/own-database';
import { eventually, ParleyProcess } from '../support/process';
import { RedisServer } from '../support/redis';

describe('starting with a Redis', () => {
  let database: EmptyDatabase;
  let redis: RedisServer;

  beforeAll(async () => {
    database = await createDatabase();
    redis = await RedisServer.start({ password: 'right-password', args: ['--maxmemory-policy', 'allkeys-lru'] });
  });
  afterAll(async () => {
    await redis.remove();
    await database.drop();
  });

  const start = (queueUrl: string): Promise<ParleyProcess> =>
    ParleyProcess.start('worker', {
      DATABASE_URL: database.url,
      SECRET_KEY: 'test-secret-test-secret-test-secret-test',
      ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
      QUEUE_URL: queueUrl,
      QUEUE_PREFIX: 'team-a',
    });

  it('that refuses the password: the process does not start, and says why in words and without the password', async () => {
    const said = await start(redis.url.replace('right-password', 'hunter22')).then(
      () => 'It started.',
      (error: unknown) => String(error),
    );
    expect(said).toContain(`The worker did not start: QUEUE_URL: redis://127.0.0.1:${redis.port}: it refuses the user`);
    const output = said.slice(said.indexOf('ended:\n') + 'ended:\n'.length);
    // The reason and where to look further; no stack. (The failed start repeats what the process wrote.)
    expect(new Set(output.split('\n').filter((line) => line !== '')).size).toBe(2);
    expect(output).not.toContain('hunter22');
  });

  it('that throws keys away when it is full: the process starts, says what to change, and needs only its own prefix', async () => {
    const rights = ['~{team-a}:*', '&{team-a}:*', '+@all'];
    await redis.call('ACL', 'SETUSER', 'parley', 'on', '>right-password', ...rights);
    const worker = await start(redis.url.replace('//:', '//parley:'));
    expect(worker.log).toMatch(/QUEUE_URL: .+maxmemory-policy is allkeys-lru.+noeviction/);
    const schedule = '{team-a}:parley:repeat:logins.clean-up';
    await eventually(async () => ((await redis.keys()).includes(schedule) ? true : undefined), 'the schedules');
    expect((await redis.keys()).every((key) => key.startsWith('{team-a}:'))).toBe(true);
    expect(worker.log).not.toContain('right-password');
    await worker.kill();
  });
});
