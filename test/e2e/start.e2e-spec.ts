import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { Client } from '../support/client';
import { Launcher, temporaryDataDir } from '../support/launcher';
import { eventually } from '../support/process';

const NOBODY = 65_534;

describe('npm start', () => {
  const launchers: Launcher[] = [];
  const folders: string[] = [];
  const newDataDir = (): string => {
    const dataDir = temporaryDataDir();
    folders.push(dirname(dataDir));
    return dataDir;
  };
  const start = (env: NodeJS.ProcessEnv): Launcher => {
    const launcher = new Launcher({ PORT: '0', ...env });
    launchers.push(launcher);
    return launcher;
  };
  afterEach(async () => {
    await Promise.all(launchers.splice(0).map((launcher) => launcher.kill()));
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('tells where everything is, explains a second start, and ends cleanly on Ctrl-C', async () => {
    const dataDir = newDataDir();
    const first = start({ DATA_DIR: dataDir });
    const url = await first.ready();
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    expect(first.output).toContain('simulator');
    expect(first.output).toContain(dataDir);
    expect(first.output).toContain(`curl -s ${url}/auth/register`);
    expect(statSync(join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);

    const second = start({ DATA_DIR: dataDir });
    expect(await second.ended()).toBe(1);
    expect(second.output).toContain('already running');
    expect(second.output).toContain(url);
    expect(second.output).toContain('DATA_DIR=');

    const third = start({ DATA_DIR: dataDir });
    expect(await third.ended()).toBe(1);
    expect(third.output).toContain(url);

    first.signalGroup('SIGINT');
    expect(await first.ended()).toBe(0);
    await eventually(() => (first.isGroupAlive() ? undefined : true), 'all of it to end');
    expect(first.output).not.toMatch(/\bat \S+ \(|Error:|"level":(40|50)/);
  });

  it('keeps the data through kill -9 of everything', async () => {
    const dataDir = newDataDir();
    const first = start({ DATA_DIR: dataDir });
    const user = await Client.register(await first.ready(), 'keeper@example.com');
    const conversation = await user.conversation(1);
    await user.send(conversation, 'remember this');
    await first.kill();

    const second = start({ DATA_DIR: dataDir });
    const url = await second.ready();
    expect(second.output).toContain('/auth/login');
    const again = new Client(() => url);
    // The signing secret survived too, so the old token still counts.
    again.token = user.token;
    expect((await again.messages(conversation)).map((message) => message.content)[0]).toBe('remember this');
  });

  it('ends with its launcher, even when that dies by kill -9', async () => {
    const launcher = start({ DATA_DIR: newDataDir() });
    await launcher.ready();
    launcher.signal('SIGKILL');
    await eventually(() => (launcher.isGroupAlive() ? undefined : true), 'everything to end', 60_000);
  });

  it('leaves no PostgreSQL behind when the application alone is killed, and starts again', async () => {
    const dataDir = newDataDir();
    const first = start({ DATA_DIR: dataDir });
    await first.ready();
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'instance.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    expect(await first.ended()).toBe(1);
    await eventually(() => (first.isGroupAlive() ? undefined : true), 'all of it to end');
    await start({ DATA_DIR: dataDir }).ready();
  });

  (process.getuid?.() === 0 ? it : it.skip)('runs as an ordinary user too', async () => {
    const dataDir = newDataDir();
    mkdirSync(dataDir);
    chownSync(dataDir, NOBODY, NOBODY);
    const child = spawn(process.execPath, ['dist/apps/standalone/src/main.js'], {
      cwd: resolve(__dirname, '../..'),
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
      uid: NOBODY,
      gid: NOBODY,
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await eventually(() => (output.includes('Parley is ready.') ? true : undefined), 'the banner', 150_000);
    expect(statSync(join(dataDir, 'postgres')).uid).toBe(NOBODY);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('takes a free port when the wanted one is taken, and says so', async () => {
    const occupant = createServer();
    occupant.listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as { port: number };
    const launcher = start({ DATA_DIR: newDataDir(), PORT: String(port) });
    const url = await launcher.ready();
    expect(url).not.toContain(`:${port}`);
    expect(launcher.output).toContain(`Port ${port} is taken`);
    occupant.close();
  });

  it('of two starts at the same moment on an empty folder one wins and the other explains', async () => {
    const dataDir = newDataDir();
    const both = [start({ DATA_DIR: dataDir }), start({ DATA_DIR: dataDir })];
    const loser = await Promise.race(both.map(async (launcher) => launcher.ended().then(() => launcher)));
    expect(loser.output).toContain('already running');
    const winner = both.find((launcher) => launcher !== loser)!;
    expect((await fetch(`${await winner.ready()}/health/ready`)).status).toBe(200);
  });

  it('refuses a wrong setting with the fix, and production without a key', async () => {
    const dataDir = newDataDir();
    const wrong = start({ DATA_DIR: dataDir, OPENAI_TIMEOUT: 'soon' });
    expect(await wrong.ended()).toBe(1);
    expect(wrong.output).toContain('OPENAI_TIMEOUT: must be a whole number');
    expect(wrong.output).not.toMatch(/\bat \S+ \(/);
    const exposed = start({ DATA_DIR: dataDir, HOST: '0.0.0.0' });
    expect(await exposed.ended()).toBe(1);
    expect(exposed.output).toContain('OPENAI_API_KEY');
    expect(readdirSync(dataDir)).toContain('postgres');
  });
});
