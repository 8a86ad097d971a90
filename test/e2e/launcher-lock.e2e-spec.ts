import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from '../support/process';

const LOCK = pathToFileURL(resolve(__dirname, '../../scripts/lib/lock.mjs')).href;
const IDENTITY = pathToFileURL(resolve(__dirname, '../../scripts/lib/process-identity.mjs')).href;

/** Holds the lock until told to leave by a file, and writes down when it came and went. */
const HOLD = `
  import { appendFileSync, existsSync } from 'node:fs';
  import { setTimeout as delay } from 'node:timers/promises';
  import { exclusively } from '${LOCK}';
  const [locks, log, leave] = process.argv.slice(1);
  await exclusively(async () => {
    appendFileSync(log, 'in ' + process.pid + '\\n');
    do await delay(5); while (!existsSync(leave));
    appendFileSync(log, 'out ' + process.pid + '\\n');
  }, locks);
`;

describe('the lock of the launcher', () => {
  let folder: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-lock-'));
    writeFileSync(join(folder, 'log'), '');
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const locks = (): string => join(folder, 'locks');
  const log = (): string[] => readFileSync(join(folder, 'log'), 'utf8').split('\n').filter(Boolean);
  const run = (script: string, ...args: string[]): ChildProcess => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  };
  const hold = (leave = 'leave'): ChildProcess => run(HOLD, locks(), join(folder, 'log'), join(folder, leave));
  const isIn = (child: ChildProcess): Promise<true> =>
    eventually(() => (log().includes(`in ${child.pid}`) ? true : undefined), 'the lock to be taken');

  /** As if the process `holder` names held the lock. */
  function heldBy(holder: object): string {
    const file = join(locks(), '7', 'holder');
    mkdirSync(join(locks(), '7'), { recursive: true });
    writeFileSync(file, JSON.stringify(holder));
    return file;
  }

  async function identityOf(pid: number): Promise<{ host: string; pid: number; startedAt: string }> {
    const child = run(
      `import { identityOf } from '${IDENTITY}'; process.stdout.write(JSON.stringify(identityOf(${pid})))`,
    );
    const [text] = (await once(child.stdout!, 'data')) as [Buffer];
    return JSON.parse(text.toString()) as { host: string; pid: number; startedAt: string };
  }

  it('lets one in at a time, also when its last holder was killed and many come at once', async () => {
    const dead = hold('never');
    await isIn(dead);
    const many = Array.from({ length: 8 }, () => hold());
    dead.kill('SIGKILL');
    writeFileSync(join(folder, 'leave'), '');
    const codes = await Promise.all(many.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual(many.map(() => 0));
    const visits = log().slice(1);
    expect(visits).toHaveLength(16);
    for (let index = 0; index < visits.length; index += 2) {
      expect(visits[index + 1]).toBe(visits[index]!.replace('in', 'out'));
    }
  });

  it('waits for a holder that lives', async () => {
    const first = hold();
    await isIn(first);
    const second = hold();
    const told = once(second, 'exit');
    appendFileSync(join(folder, 'leave'), '');
    await told;
    expect(log()).toEqual([`in ${first.pid}`, `out ${first.pid}`, `in ${second.pid}`, `out ${second.pid}`]);
  });

  it('is free when its holder’s id belongs to another process now', async () => {
    const living = await identityOf(process.pid);
    expect(living.startedAt).not.toBe('');
    heldBy({ ...living, startedAt: '1' });
    await isIn(hold());
  });

  it('is not free while that very process lives', async () => {
    const file = heldBy(await identityOf(process.pid));
    const waiting = hold();
    // One that can have the lock of another folder shows that there was time enough to take this one.
    await isIn(run(HOLD, join(folder, 'other'), join(folder, 'log'), join(folder, 'leave')));
    expect(log()).not.toContain(`in ${waiting.pid}`);
    rmSync(file);
    await isIn(waiting);
  });

  it('of another container is not free while it gives a sign of life, and free when it has been silent', async () => {
    const file = heldBy({ host: `not-${hostname()}`, pid: 1, startedAt: '1' });
    const waiting = hold();
    await isIn(run(HOLD, join(folder, 'other'), join(folder, 'log'), join(folder, 'leave')));
    expect(log()).not.toContain(`in ${waiting.pid}`);
    const longAgo = new Date(Date.now() - 31_000);
    utimesSync(file, longAgo, longAgo);
    await isIn(waiting);
  });

  it('leaves no more than two folders behind', async () => {
    writeFileSync(join(folder, 'leave'), '');
    for (let round = 0; round < 4; round += 1) await once(hold(), 'exit');
    expect(readdirSync(locks()).sort()).toEqual(['3', '4']);
  });

  it('is free when what its holder wrote cannot be read', async () => {
    writeFileSync(heldBy({}), '{');
    await isIn(hold());
  });
});
