import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { FakeMattermost, type FakeTeam } from '../support/fake-mattermost';
import { freePort } from '../support/process';

const SCRIPT = resolve(__dirname, '../../scripts/mattermost-setup.mjs');
/** CI is slow, and a run makes some twenty calls. */
const DEADLINE_MS = 60_000;
const hasOpenSsl = spawnSync('openssl', ['version']).error === undefined;

interface Run {
  code: number;
  output: string;
  errors: string;
}

describe('npm run mattermost:setup', () => {
  let mattermost: FakeMattermost;
  let url: string;
  let team: FakeTeam;
  let admin: { id: string; token: string };
  let folder: string;
  let envFile: string;

  beforeEach(async () => {
    mattermost = new FakeMattermost();
    url = await mattermost.start();
    team = mattermost.addTeam('devops');
    admin = mattermost.addAdmin();
    mattermost.addChannel({ name: 'town-square', team, members: [admin] });
    mattermost.addChannel({ name: 'builds', team, members: [admin] });
    folder = mkdtempSync(join(tmpdir(), 'parley-setup-'));
    envFile = join(folder, '.env');
  });
  afterEach(async () => {
    await mattermost.stop();
    rmSync(folder, { recursive: true });
  });

  /** As in a terminal that nobody sits at; only what is given is in the environment. */
  const run = (flags: string[] = [], env: Record<string, string | undefined> = {}): Promise<Run> =>
    new Promise((done) => {
      const given = {
        MATTERMOST_URL: url,
        MATTERMOST_ADMIN_TOKEN: admin.token,
        PARLEY_URL: 'https://parley.example.com',
        ...env,
      };
      execFile(
        process.execPath,
        [SCRIPT, '--file', envFile, ...flags],
        { env: { PATH: process.env.PATH, ...given }, timeout: DEADLINE_MS },
        (error, output, errors) => done({ code: error ? Number(error.code ?? -1) : 0, output, errors }),
      );
    });
  const writes = (): string[] =>
    mattermost.calls
      .filter(({ method, path }) => method !== 'GET' && !/\/users\/log(in|out)$/.test(path))
      .map(({ method, path }) => `${method} ${path}`);
  const saved = (): NodeJS.Dict<string> => parseEnv(readFileSync(envFile, 'utf8'));
  const botId = (): string => mattermost.world.userByName('aibot')?.id ?? '';

  it('makes bot, membership, token, webhook and command, and prints the environment', async () => {
    const { code, output, errors } = await run(['--join', 'builds']);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output.split('\n').slice(0, 6)).toEqual([
      'created    bot @aibot',
      'added      @aibot in team devops',
      'added      @aibot in channel builds',
      'created    outgoing webhook of team devops for @aibot, ai:',
      'created    slash command /ai of team devops',
      'created    token of @aibot',
    ]);
    const printed = parseEnv(output);
    const [hook] = [...mattermost.world.hooks.values()];
    const [command] = [...mattermost.world.commands.values()];
    expect(hook).toMatchObject({
      team_id: team.id,
      trigger_words: ['@aibot', 'ai:'],
      trigger_when: 1,
      callback_urls: ['https://parley.example.com/webhooks/mattermost/outgoing'],
      content_type: 'application/json',
    });
    expect(command).toMatchObject({
      team_id: team.id,
      trigger: 'ai',
      method: 'P',
      username: 'aibot',
      url: 'https://parley.example.com/webhooks/mattermost/command',
      auto_complete: true,
    });
    expect(mattermost.world.ownerOf(printed.MATTERMOST_TOKEN ?? '')?.id).toBe(botId());
    expect(printed).toMatchObject({
      MATTERMOST_URL: url,
      MATTERMOST_WEBHOOK_TOKEN: hook?.token,
      MATTERMOST_COMMAND_TOKEN: command?.token,
      BOT_USERNAME: 'aibot',
      // The fake is not on the internet.
      MATTERMOST_ALLOW_PRIVATE_NETWORK: 'true',
    });
    expect(existsSync(envFile)).toBe(false);
  });

  it('saves into .env for its owner only, leaves the rest of it alone, and shows no secret', async () => {
    writeFileSync(envFile, '# mine\nPORT=3000\n#MATTERMOST_TOKEN=\nBOT_USERNAME=aibot\nLAST=1\n');
    chmodSync(envFile, 0o644);
    const { code, output } = await run(['--save']);
    expect(code).toBe(0);
    expect(saved()).toMatchObject({ PORT: '3000', LAST: '1', MATTERMOST_URL: url, BOT_USERNAME: 'aibot' });
    expect(readFileSync(envFile, 'utf8').split('\n').slice(0, 3)).toEqual([
      '# mine',
      'PORT=3000',
      `MATTERMOST_TOKEN=${saved().MATTERMOST_TOKEN}`,
    ]);
    expect(statSync(envFile).mode & 0o777).toBe(0o600);
    for (const name of ['MATTERMOST_TOKEN', 'MATTERMOST_WEBHOOK_TOKEN', 'MATTERMOST_COMMAND_TOKEN']) {
      expect(output).not.toContain(saved()[name]);
    }
    expect(output).not.toContain(admin.token);
  });

  it('changes nothing the second time, and says so', async () => {
    await run(['--save', '--join', 'builds']);
    const before = readFileSync(envFile, 'utf8');
    mattermost.reset();
    const { code, output } = await run(['--save', '--join', 'builds']);
    expect(code).toBe(0);
    expect(writes()).toEqual([]);
    expect(readFileSync(envFile, 'utf8')).toBe(before);
    expect(output).toBe(
      [
        'unchanged  bot @aibot',
        'unchanged  @aibot in team devops',
        'unchanged  @aibot in channel builds',
        'unchanged  outgoing webhook of team devops for @aibot, ai:',
        'unchanged  slash command /ai of team devops',
        'unchanged  token of @aibot',
        `unchanged  ${envFile}`,
        '\nEverything is as it should be; nothing was changed.\n',
      ].join('\n'),
    );
  });

  it('makes no further token when there is one that it cannot know', async () => {
    await run();
    mattermost.reset();
    const { code, output } = await run();
    expect(code).toBe(0);
    expect(writes()).toEqual([]);
    expect(output).toContain('Mattermost shows only once; --new-token makes another');
    expect(parseEnv(output)).not.toHaveProperty('MATTERMOST_TOKEN');
  });

  it('puts right what is not as it should be, and keeps tokens', async () => {
    await run(['--save']);
    const before = saved();
    const [hook] = [...mattermost.world.hooks.values()];
    const [command] = [...mattermost.world.commands.values()];
    Object.assign(hook ?? {}, { trigger_words: ['old'], callback_urls: ['https://old.example.com/webhooks'] });
    Object.assign(command ?? {}, { url: 'https://old.example.com/command' });
    Object.assign(mattermost.world.user(botId()), { deleteAt: Date.now() });
    team.members.delete(botId());
    const { code, output } = await run(['--save']);
    expect(code).toBe(0);
    expect(output).toContain('enabled    bot @aibot');
    expect(output).toContain('added      @aibot in team devops');
    expect(output).toContain('changed    outgoing webhook of team devops');
    expect(output).toContain('changed    slash command /ai of team devops');
    expect([...mattermost.world.hooks.values()]).toMatchObject([
      { trigger_words: ['@aibot', 'ai:'], token: before.MATTERMOST_WEBHOOK_TOKEN },
    ]);
    expect([...mattermost.world.commands.values()]).toMatchObject([
      { url: 'https://parley.example.com/webhooks/mattermost/command', token: before.MATTERMOST_COMMAND_TOKEN },
    ]);
    expect(saved()).toEqual(before);
  });

  it('takes a bot that is there, works in several teams with the same tokens, and asks for a team when it has to', async () => {
    const bot = mattermost.addBot();
    const other = mattermost.addTeam('sales');
    expect(await run()).toMatchObject({ code: 1, errors: 'Say for which team this is, with --team: devops, sales.\n' });
    expect(writes()).toEqual([]);
    const { code } = await run(['--team', 'devops,sales', '--parley-channel', '7', '--save']);
    expect(code).toBe(0);
    expect(other.members.has(bot.id)).toBe(true);
    const hooks = [...mattermost.world.hooks.values()];
    expect(hooks.map(({ team_id: id, callback_urls: urls }) => [id, urls])).toEqual([
      [team.id, ['https://parley.example.com/webhooks/mattermost/7/outgoing']],
      [other.id, ['https://parley.example.com/webhooks/mattermost/7/outgoing']],
    ]);
    expect(new Set(hooks.map(({ token }) => token)).size).toBe(1);
    expect(new Set([...mattermost.world.commands.values()].map(({ token }) => token)).size).toBe(1);
  });

  it('only says what it would do in a dry run', async () => {
    const { code, output } = await run(['--dry-run', '--save']);
    expect(code).toBe(0);
    expect(writes()).toEqual([]);
    expect(existsSync(envFile)).toBe(false);
    expect(output).toContain('would be   created: bot @aibot');
    expect(output).toContain('would be   created: token of @aibot');
    expect(output).toContain('5 things would be changed; nothing was.');
  });

  describe('with --new-token', () => {
    it('makes a new one, and revokes the former one after it', async () => {
      await run(['--save']);
      const former = saved().MATTERMOST_TOKEN ?? '';
      mattermost.reset();
      const { code, output } = await run(['--save', '--new-token']);
      expect(code).toBe(0);
      expect(output).toContain('revoked    former token of @aibot');
      expect(mattermost.world.ownerOf(former)).toBeUndefined();
      expect(mattermost.world.ownerOf(saved().MATTERMOST_TOKEN ?? '')?.id).toBe(botId());
      expect(writes()).toEqual([`POST /api/v4/users/${botId()}/tokens`, 'POST /api/v4/users/tokens/revoke']);
    });

    it('leaves none behind, and keeps the former one, when it cannot be saved', async () => {
      await run(['--save']);
      const former = saved().MATTERMOST_TOKEN ?? '';
      const before = mattermost.world.tokens.size;
      const { code, errors } = await run(['--save', '--new-token', '--file', join(folder, 'no', '.env')], {
        MATTERMOST_TOKEN: former,
      });
      expect(code).toBe(1);
      expect(errors).toContain('cannot be written');
      expect(mattermost.world.tokens.size).toBe(before);
      expect(mattermost.world.ownerOf(former)?.id).toBe(botId());
    });
  });

  describe('signing in with a password', () => {
    const asAdmin = { MATTERMOST_ADMIN_TOKEN: undefined, MATTERMOST_ADMIN_USER: 'admin' };
    const sessions = (): unknown[] => [...mattermost.world.tokens.values()].filter(({ isSession }) => isSession);

    it('signs out at the end, also when it fails', async () => {
      const env = { ...asAdmin, MATTERMOST_ADMIN_PASSWORD: 'Pa$$word-11' };
      expect((await run([], env)).code).toBe(0);
      expect(sessions()).toEqual([]);
      mattermost.failNext({ method: 'GET', path: /\/hooks\/outgoing$/, status: 500 });
      expect(await run([], env)).toMatchObject({
        code: 1,
        errors: expect.stringContaining('failed with 500') as string,
      });
      expect(sessions()).toEqual([]);
    });

    it('signs out at Ctrl-C, too', async () => {
      mattermost.failNext({ method: 'POST', path: /\/hooks\/outgoing$/, status: 'hang' });
      const child = spawn(process.execPath, [SCRIPT, '--file', envFile], {
        env: {
          ...{ PATH: process.env.PATH, MATTERMOST_URL: url, PARLEY_URL: 'https://parley.example.com' },
          ...{ MATTERMOST_ADMIN_USER: 'admin', MATTERMOST_ADMIN_PASSWORD: 'Pa$$word-11' },
        },
        stdio: 'ignore',
      });
      await mattermost.waitFor(() => writes().includes('POST /api/v4/hooks/outgoing'), DEADLINE_MS);
      expect(sessions()).toHaveLength(1);
      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([130, null]);
      expect(sessions()).toEqual([]);
    });

    it('says that they are wrong, that nobody can be asked, and that a code is missing', async () => {
      const wrong = await run([], { ...asAdmin, MATTERMOST_ADMIN_PASSWORD: 'hunter2-hunter2' });
      expect(wrong).toMatchObject({ code: 1, errors: 'Mattermost does not take that username and password.\n' });
      expect((await run([], asAdmin)).errors).toContain('set MATTERMOST_ADMIN_PASSWORD');
      Object.assign(mattermost.world.user(admin.id), { mfaCode: '123456' });
      const password = { ...asAdmin, MATTERMOST_ADMIN_PASSWORD: 'Pa$$word-11' };
      expect((await run([], password)).errors).toContain('set MATTERMOST_ADMIN_MFA_CODE');
      expect((await run([], { ...password, MATTERMOST_ADMIN_MFA_CODE: '123456' })).code).toBe(0);
    });
  });

  describe('what it cannot do it explains, and has done nothing', () => {
    const refused = async (
      words: string,
      { flags = [], env = {} }: { flags?: string[]; env?: Record<string, string | undefined> } = {},
    ): Promise<void> => {
      const { code, output, errors } = await run(flags, env);
      expect({ code, output, errors: errors.trim() }).toEqual({
        code: 1,
        output: '',
        errors: expect.stringContaining(words) as string,
      });
      // A sentence, not a stack trace.
      expect(errors).not.toContain('    at ');
      expect(writes()).toEqual([]);
    };

    it('a wrong token, and one without rights', async () => {
      await refused('does not take the token of the administrator', { env: { MATTERMOST_ADMIN_TOKEN: 'wrong' } });
      const ann = mattermost.addUser({ username: 'ann' });
      await refused('@ann is no System Admin', { env: { MATTERMOST_ADMIN_TOKEN: mattermost.addToken(ann) } });
    });

    it('secrets as flags, without repeating them', async () => {
      await refused('--password is not taken as a flag', { flags: ['--password=hunter2-hunter2'] });
      expect((await run(['hunter2-hunter2'])).errors).toBe('Only flags are understood; --help lists them.\n');
    });

    it('addresses that are none, that nobody is at, and that are not Mattermost', async () => {
      await refused('MATTERMOST_URL is missing', { env: { MATTERMOST_URL: undefined } });
      await refused('PARLEY_URL is missing', { env: { PARLEY_URL: undefined } });
      await refused('MATTERMOST_URL has to look like', { env: { MATTERMOST_URL: 'mattermost.example.com' } });
      const closed = await freePort();
      await refused(`Nothing listens at 127.0.0.1:${closed}`, {
        env: { MATTERMOST_URL: `http://127.0.0.1:${closed}` },
      });
      await refused('127.0.0.1:1 cannot be reached', { env: { MATTERMOST_URL: 'http://127.0.0.1:1' } });
      await refused('There is no host', { env: { MATTERMOST_URL: 'https://mattermost.invalid' } });
      await refused('does not speak https', { env: { MATTERMOST_URL: url.replace('http:', 'https:') } });
      const other = createPlain(({ url: path }, response) =>
        path?.startsWith('/moved')
          ? response.writeHead(301, { location: 'https://chat.example.com/' }).end()
          : response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
      );
      await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
      const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
      await refused('is not Mattermost', { env: { MATTERMOST_URL: address } });
      await refused('sends us to https://chat.example.com', { env: { MATTERMOST_URL: `${address}/moved` } });
      await new Promise((ended) => other.close(ended));
    });

    (hasOpenSsl ? it : it.skip)('a certificate that nobody has signed', async () => {
      const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
      const wanted = [
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '1',
        '-subj',
        '/CN=localhost',
        '-keyout',
        key,
        '-out',
        cert,
      ];
      execFileSync('openssl', ['req', '-x509', ...wanted], { stdio: 'ignore' });
      const secure = createSecure({ key: readFileSync(key), cert: readFileSync(cert) }).listen(0, '127.0.0.1');
      await once(secure, 'listening');
      const address = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
      await refused('is not trusted here', { env: { MATTERMOST_URL: address } });
      await new Promise((ended) => secure.close(ended));
    });

    it('settings that are off, all at once', async () => {
      Object.assign(mattermost.world.config, {
        EnableOutgoingWebhooks: false,
        EnableCommands: false,
        EnableBotAccountCreation: false,
        SiteURL: '',
      });
      const { code, errors } = await run();
      expect(code).toBe(1);
      for (const setting of ['Enable Outgoing Webhooks', 'Slash Commands', 'Enable Bot Account Creation', 'Site URL']) {
        expect(errors).toContain(setting);
      }
      expect(writes()).toEqual([]);
    });

    it('a person with the name of the bot, a team and a channel that there are not, a command of somebody else', async () => {
      mattermost.addUser({ username: 'carl' });
      await refused('@carl is the account of a person', { flags: ['--bot', 'carl'] });
      await refused('There is no team nowhere', { flags: ['--team', 'nowhere'] });
      await refused('There is no channel nowhere', { flags: ['--join', 'nowhere'] });
    });

    it('a command that belongs to something else', async () => {
      mattermost.addCommand({ team, trigger: 'ai', url: 'https://other.example.com/ai' });
      await refused('/ai of team devops belongs to something else');
    });
  });

  it('warns when Mattermost will not send to where Parley is', async () => {
    const { code, output } = await run([], { PARLEY_URL: 'http://parley:3000' });
    expect(code).toBe(0);
    expect(output).toContain('Mattermost sends hooks to parley only when that is listed under');
    const listed = await run([], { PARLEY_URL: 'http://127.0.0.1:3000' });
    expect(listed.output).not.toContain('only when that is listed');
  });

  it('works below a sub-path', async () => {
    const below = new FakeMattermost({ subPath: '/chat' });
    const address = await below.start();
    below.addTeam('devops');
    const { token } = below.addAdmin();
    const { code, output } = await run([], { MATTERMOST_URL: `${address}/`, MATTERMOST_ADMIN_TOKEN: token });
    await below.stop();
    expect(code).toBe(0);
    expect(parseEnv(output).MATTERMOST_URL).toBe(address);
  });
});
