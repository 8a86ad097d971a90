import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';

const TOOLS = ['bash', 'curl', 'openssl', 'sed'];
const hasTools = TOOLS.every((tool) => spawnSync(tool, ['--version']).error === undefined);

/** The commands of a page, in their order. */
const commandsOf = (page: string): string[] =>
  [...readFileSync(resolve(__dirname, '../..', page), 'utf8').matchAll(/^ *```sh\n(.*?)^ *```/gms)].map(
    ([, code]) => code!,
  );

describe('the commands of the documentation', () => {
  let parley: Parley;
  beforeAll(async () => {
    // The simulator answers, as it does somebody who tries them without a key.
    parley = await startParley();
  });
  afterAll(() => parley.stop());

  (hasTools ? it : it.skip)(
    'of sessions and the support chat work as they are written, one after the other',
    async () => {
      const register = commandsOf('README.md').filter((code) => code.startsWith('TOKEN='));
      const [sessions, support] = [commandsOf('docs/sessions.md'), commandsOf('docs/support-chat.md')];
      expect([register.length, sessions.length, support.length]).toEqual([1, 2, 6]);
      const script = [
        'set -euo pipefail',
        // A refusal is the end.
        'curl() { command curl --fail-with-body --show-error "$@"; }',
        ...register,
        ...sessions,
        ...support,
      ].join('\n');
      const { stdout } = await promisify(execFile)(
        'bash',
        ['-c', script.replaceAll('http://127.0.0.1:3000', parley.url)],
        {
          timeout: 120_000,
        },
      );
      expect(stdout).toContain('"name":"Dana Moss"');
      expect(stdout).toContain('"session":{"id":"cs_');
      expect(stdout).toMatch(/"messageId":\d+,"confidence":0\.\d+,"escalated":false/);
      expect(stdout).toMatch(/pk_[\w-]{32}$/m);
      expect(stdout).toContain('"isIdentified":true');
      expect(stdout).toContain('"status":"healthy"');
    },
  );

  describe('of channels', () => {
    let graph: ChildProcess;
    let channels: Parley;
    let printed = '';
    const [startGraph, startParleyCommand, ...commands] = commandsOf('docs/channels.md').filter(
      // Of real credentials there are none to enter here.
      (code) => !code.includes('EAAG…'),
    );
    beforeAll(async () => {
      expect(startGraph).toBe('npm run fake-graph -- 4010\n');
      // As npm runs it; any port that is free.
      graph = spawn(process.execPath, ['scripts/launch.mjs', 'fake-graph', '0'], {
        cwd: resolve(__dirname, '../..'),
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      graph.stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      const url = await eventually(
        () => /"graph_base_url":"([^"]+)"/.exec(printed)?.[1],
        'the server to be Meta',
        120_000,
      );
      expect(startParleyCommand).toContain('GRAPH_BASE_URL=http://127.0.0.1:4010 npm start');
      channels = await startParley({ GRAPH_BASE_URL: url });
    });
    afterAll(async () => {
      await channels.stop();
      graph.kill('SIGTERM');
      if (graph.exitCode === null) await once(graph, 'exit');
    });

    (hasTools ? it : it.skip)('work as they are written: a message comes in, and its answer goes out', async () => {
      const register = commandsOf('README.md').filter((code) => code.startsWith('TOKEN='));
      expect(commands).toHaveLength(3);
      const script = [
        'set -euo pipefail',
        'curl() { command curl --fail-with-body --show-error "$@"; }',
        ...register,
        ...commands,
      ].join('\n');
      const { stdout } = await promisify(execFile)(
        'bash',
        ['-c', script.replaceAll('http://127.0.0.1:3000', channels.url)],
        { timeout: 120_000 },
      );
      expect(stdout).toContain('"is_working":true');
      expect(stdout).toContain('1158201444');
      const answer = await eventually(() => /"to":"15551234567","text":"([^"]+)"/.exec(printed)?.[1], 'the answer');
      expect(answer.length).toBeGreaterThan(0);
    });
  });

  describe('of Mattermost', () => {
    let mattermost: ChildProcess;
    let colleagues: Parley;
    let url: string;
    let printed = '';
    const [startMattermost, startParleyCommand, ...commands] = commandsOf('docs/mattermost.md');
    beforeAll(async () => {
      expect(startParleyCommand).toBe('MATTERMOST_ALLOW_PRIVATE_NETWORK=true npm start\n');
      colleagues = await startParley({ MATTERMOST_ALLOW_PRIVATE_NETWORK: 'true' });
      expect(startMattermost).toBe('npm run fake-mattermost -- 4065\n');
      // As npm runs it; any port that is free.
      const args = ['scripts/launch.mjs', 'fake-mattermost', '0', '--parley', colleagues.url];
      mattermost = spawn(process.execPath, args, {
        cwd: resolve(__dirname, '../..'),
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      mattermost.stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      url = await eventually(
        () => /"mattermost_url":"([^"]+)"/.exec(printed)?.[1],
        'the server to be Mattermost',
        120_000,
      );
    });
    afterAll(async () => {
      await colleagues.stop();
      mattermost.kill('SIGTERM');
      if (mattermost.exitCode === null) await once(mattermost, 'exit');
    });

    (hasTools ? it : it.skip)('work as they are written: a post and commands are answered', async () => {
      const register = commandsOf('README.md').filter((code) => code.startsWith('TOKEN='));
      expect(commands).toHaveLength(4);
      const script = [
        'set -euo pipefail',
        'curl() { command curl --fail-with-body --show-error "$@"; }',
        ...register,
        ...commands,
      ].join('\n');
      const { stdout } = await promisify(execFile)(
        'bash',
        ['-c', script.replaceAll('http://127.0.0.1:3000', colleagues.url).replaceAll('http://127.0.0.1:4065', url)],
        { timeout: 120_000 },
      );
      expect(stdout).toContain('"is_working":true');
      expect(stdout).toContain('/ai summarize');
      expect(stdout).toContain('On it…');
      const root = /"id":"([a-z0-9]{26})"[^}]*"message":"@aibot What is Docker/.exec(stdout)?.[1] ?? 'no post';
      const lines = (): string[] => printed.split('\n');
      await eventually(
        () => lines().find((line) => line.includes(`"in_thread":"${root}","by":"aibot"`)),
        'the answer in the thread',
        60_000,
      );
      await eventually(
        // The reply to a command is a post in the name of whoever has entered it.
        () => lines().find((line) => line.includes('"in_thread":"","by":"ann"') && !line.includes('@aibot')),
        'the answer to the command',
        60_000,
      );
    });
  });
});
