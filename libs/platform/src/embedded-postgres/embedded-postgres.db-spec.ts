import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { eventually } from '../../../../test/support/process';
import { EmbeddedPostgres } from './embedded-postgres';
import { AlreadyRunningError, EmbeddedPostgresError } from './errors';
import { isAlive } from './process-identity';

const COMPILED = resolve(__dirname, '../../../../dist/libs/platform/src/embedded-postgres');
const HOLDER = `
  const { EmbeddedPostgres } = require(${JSON.stringify(COMPILED)});
  new EmbeddedPostgres({ dataDir: process.argv[1], settings: { fsync: 'off' } }).start().then(
    ({ url }) => process.send({ url }),
    ({ name, pid }) => process.send({ error: name, pid }),
  );
`;

interface HolderReport {
  url: string;
  error?: string;
  pid?: number;
}

describe('EmbeddedPostgres', () => {
  let folder: string;
  let dataDir: string;
  const opened: EmbeddedPostgres[] = [];
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-pg-'));
    chmodSync(folder, 0o711);
    dataDir = join(folder, 'data');
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all(opened.splice(0).map((postgres) => postgres.stop()));
    await endLeftServer();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (options: Partial<ConstructorParameters<typeof EmbeddedPostgres>[0]> = {}): EmbeddedPostgres => {
    const postgres = new EmbeddedPostgres({ dataDir, settings: { fsync: 'off' }, ...options });
    opened.push(postgres);
    return postgres;
  };

  /** Another process that starts it and then does nothing. */
  const holder = async (): Promise<HolderReport & { child: ChildProcess }> => {
    const child = spawn(process.execPath, ['-e', HOLDER, dataDir], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    children.push(child);
    const [report] = (await once(child, 'message')) as [HolderReport];
    return { child, ...report };
  };

  const query = async <T>(url: string, sql: string): Promise<T[]> => {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows as T[];
    } finally {
      await client.end();
    }
  };
  const pidFile = (): string => join(dataDir, 'postgres/cluster/postmaster.pid');
  const serverPid = (): number => Number(readFileSync(pidFile(), 'utf8').split('\n')[0]);
  /** A killed holder leaves its server running. */
  const endLeftServer = async (): Promise<void> => {
    if (!existsSync(pidFile())) return;
    const pid = serverPid();
    if (pid !== process.ppid && isAlive(pid)) process.kill(pid, 'SIGQUIT');
    await eventually(() => (pid === process.ppid || !isAlive(pid) ? true : undefined), 'the server to end');
  };

  it('keeps data, port and password from one start to the next', async () => {
    const first = open();
    const { url } = await first.start();
    await query(url, 'CREATE TABLE kept (id int)');
    await first.stop();
    const again = await open().start();
    expect(again).toEqual({ url, dataDir: join(dataDir, 'postgres'), adopted: false });
    expect(await query(url, 'SELECT * FROM kept')).toEqual([]);
  });

  it('is safe by default: UTF-8, checksums, loopback, a private secret, no superuser for the application', async () => {
    const { url } = await open({ settings: {} }).start();
    const setting = async (name: string): Promise<string | undefined> =>
      (await query<{ value: string }>(url, `SELECT current_setting('${name}') AS value`))[0]?.value;
    expect(await setting('server_encoding')).toBe('UTF8');
    expect(await setting('data_checksums')).toBe('on');
    expect(await setting('fsync')).toBe('on');
    expect(await setting('listen_addresses')).toBe('127.0.0.1');
    expect(await setting('is_superuser')).toBe('off');
    expect(statSync(join(dataDir, 'postgres/password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('refuses a second start while the first one lives, and says who that is', async () => {
    const { child } = await holder();
    await expect(open().start()).rejects.toMatchObject({ name: 'AlreadyRunningError', pid: child.pid });
  });

  it('lets one of several simultaneous first starts win', async () => {
    const contenders = await Promise.all([holder(), holder(), holder()]);
    const [winner, ...others] = contenders.filter(({ error }) => error === undefined);
    expect(others).toEqual([]);
    for (const loser of contenders.filter((contender) => contender !== winner)) {
      expect(loser).toMatchObject({ error: 'AlreadyRunningError', pid: winner?.child.pid });
    }
    expect(readdirSync(dataDir)).toEqual(['postgres']);
  });

  it('takes over the server of a process that was killed', async () => {
    const { child, url } = await holder();
    await query(url, 'CREATE TABLE kept (id int)');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const started = await open().start();
    expect(started.adopted).toBe(true);
    expect(await query(started.url, 'SELECT * FROM kept')).toEqual([]);
  });

  it('starts right after a kill -9 of everything, while old backends may still hold the shared memory', async () => {
    const { child, url } = await holder();
    await query(url, 'CREATE TABLE kept (id int)');
    const pid = serverPid();
    child.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    const started = await open().start();
    expect(await query(started.url, 'SELECT * FROM kept')).toEqual([]);
  });

  it('brings a server that dies back on the same port', async () => {
    const notices: string[] = [];
    const { url } = await open({ onNotice: (line) => notices.push(line) }).start();
    process.kill(serverPid(), 'SIGKILL');
    await eventually(() => notices.find((line) => line.includes('ended unexpectedly')), 'the notice');
    await eventually(() => query(url, 'SELECT 1').catch(() => undefined), 'the server to answer again');
  });

  it('is not confused by a process id that belongs to another program by now', async () => {
    const first = open();
    await first.start();
    await first.stop();
    writeFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), `${process.ppid}\n/elsewhere\n1\n5432\n`, {
      mode: 0o644,
    });
    await expect(open().start()).resolves.toMatchObject({ adopted: false });
  });

  it('clears away a first start that was killed half-way', async () => {
    mkdirSync(join(dataDir, 'postgres.init-999999999-dead/cluster'), { recursive: true });
    chmodSync(dataDir, 0o711);
    await open().start();
    expect(existsSync(join(dataDir, 'postgres.init-999999999-dead'))).toBe(false);
  });

  it('shows the end of the log when the server does not start', async () => {
    const failure = await open({ settings: { shared_buffers: 'plenty' } })
      .start()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EmbeddedPostgresError);
    expect((failure as Error).message).toContain('invalid value for parameter "shared_buffers"');
    expect(failure).not.toBeInstanceOf(AlreadyRunningError);
  });

  it('says what to do about a database of another major version', async () => {
    const first = open();
    await first.start();
    await first.stop();
    writeFileSync(join(dataDir, 'postgres/cluster/PG_VERSION'), '15\n');
    await expect(open().start()).rejects.toThrow(/made by PostgreSQL 15.*pg_dump/s);
  });
});
