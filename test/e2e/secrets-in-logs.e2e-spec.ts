import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from '../support/browser-form';
import { Client } from '../support/client';
import { FakeOpenAI, type ScenarioLike, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually, ParleyProcess } from '../support/process';

/** None looks like a key of OpenAI's or a token, so that only knowing them keeps them out. */
const SECRETS = {
  firstKey: 'upstream-key-one-7f3a91',
  secondKey: 'upstream-key-two-8b2c47',
  rotatedKey: 'upstream-key-rotated-5d8e',
  upstreamUser: 'basic-user-of-upstream',
  upstreamPassword: 'basic-password-of-upstream',
  signing: 'signing-secret-signing-secret-1234567890',
  formerSigning: 'former-secret-former-secret-1234567890ab',
  encryption: '5ec2e7'.repeat(11).slice(0, 64),
  formerEncryption: 'f02a3e'.repeat(11).slice(0, 64),
  metrics: 'metrics-token-metrics-token',
  collector: 'collector-token-0815-4711',
  collectorPassword: 'collector-password-0815',
  channelToken: 'token-of-a-channel-9494-5656',
  channelSecret: 'app-secret-of-a-channel-1717',
  channelVerify: 'verify-token-of-a-channel',
  password: 'the-password-of-alice',
  wrongPassword: 'a-wrong-password-of-alice',
  wrongMetrics: 'wrong-metrics-token-9999',
  forgedToken: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.Zm9yZ2VkLXNpZ25hdHVyZQ',
  queryToken: 'token-in-a-query-5150',
  pictureToken: 'token-of-a-picture-6161',
  pictureUser: 'user-of-a-picture',
  toolToken: 'token-of-an-mcp-server-7272',
  hookToken: 'token-in-the-path-of-a-webhook-8383',
} as const;

/** What Parley knows, and so keeps out of its log whoever says it. Passwords of people it knows as hashes only. */
const ECHOED = [
  'firstKey', 'secondKey', 'upstreamUser', 'upstreamPassword', 'signing', 'formerSigning', 'encryption', 'formerEncryption', 'metrics', 'collector',
  'collectorPassword', 'channelToken', 'channelSecret', 'channelVerify', 'forgedToken',
] as const; // prettier-ignore

/** Refuses everything and says the caller's token, as bad servers do. */
async function startRudeCollector(): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(401, { 'content-type': 'text/plain' }).end(`bad token ${request.headers.authorization}`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe('secrets and logs', () => {
  const upstream = new FakeOpenAI({ keys: [SECRETS.firstKey, SECRETS.secondKey] });
  const directory = mkdtempSync(join(tmpdir(), 'parley-secrets-'));
  const keyFile = join(directory, 'keys');
  let collector: Server;
  let parley: Parley;
  /** Secrets that came into being meanwhile. */
  const issued: string[] = [];

  beforeAll(async () => {
    const rude = await startRudeCollector();
    collector = rude.server;
    writeFileSync(keyFile, `${SECRETS.firstKey}\n${SECRETS.secondKey}\n`);
    const base = new URL(await upstream.start());
    base.username = SECRETS.upstreamUser;
    base.password = SECRETS.upstreamPassword;
    parley = await startParley({
      LOG_LEVEL: 'trace',
      ALLOW_PRIVATE_WEBHOOKS: 'true',
      OPENAI_BASE_URL: base.href,
      OPENAI_API_KEY_FILE: keyFile,
      OPENAI_MAX_RETRIES: '0',
      OPENAI_BREAKER_FAILURES: '0',
      SECRET_KEY: `${SECRETS.signing},${SECRETS.formerSigning}`,
      ENCRYPTION_KEYS: `k2:${SECRETS.encryption},k1:${SECRETS.formerEncryption}`,
      METRICS_TOKEN: SECRETS.metrics,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://otel:${SECRETS.collectorPassword}@${rude.url}`,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${SECRETS.collector},x-api-key=${SECRETS.collector}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      WHATSAPP_PHONE_NUMBER_ID: '106540352242922',
      WHATSAPP_ACCESS_TOKEN: SECRETS.channelToken,
      WHATSAPP_APP_SECRET: SECRETS.channelSecret,
      WHATSAPP_VERIFY_TOKEN: SECRETS.channelVerify,
    });
  });
  afterAll(async () => {
    await parley.stop();
    await upstream.stop();
    collector.close();
    rmSync(directory, { recursive: true });
  });

  const databasePassword = (): string => decodeURIComponent(new URL(parley.database.url).password);

  function expectNoSecretIn(text: string): void {
    const all: Record<string, string> = { ...SECRETS, database: databasePassword() };
    issued.forEach((secret, index) => (all[`issued ${index}`] = secret));
    const found = Object.entries(all)
      .filter(([, secret]) => secret !== '')
      .flatMap(([name, secret]) => {
        const line = text.split('\n').find((one) => one.includes(secret));
        return line === undefined ? [] : [`${name}: ${line.slice(0, 400)}`];
      });
    expect(found).toEqual([]);
  }

  it('log-ins of every kind, and every way in which they go wrong', async () => {
    const anybody = new Client(() => parley.url);
    const credentials = { username: 'alice@example.com', password: SECRETS.password };
    await anybody.request('POST', '/auth/register', credentials);
    const { body } = await anybody.request<Record<string, string>>('POST', '/auth/login', credentials);
    issued.push(body.access_token!, body.refresh_token!);
    await anybody.request('POST', '/auth/login', { ...credentials, password: SECRETS.wrongPassword });
    await anybody.request('POST', '/auth/login', `{"password": "${SECRETS.password}", broken`);
    await anybody.request('POST', '/auth/register', { ...credentials, password: SECRETS.password, extra: 1 });
    const refreshed = await anybody.request<Record<string, string>>('POST', '/auth/refresh', {
      refresh_token: body.refresh_token,
    });
    issued.push(refreshed.body.access_token!, refreshed.body.refresh_token!);
    // Used twice: a stolen token, as far as anybody can tell.
    await anybody.request('POST', '/auth/refresh', { refresh_token: body.refresh_token });
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    await anybody.request('GET', '/auth/me', undefined, bearer(SECRETS.forgedToken));
    await anybody.request('GET', `/auth/me?access_token=${SECRETS.queryToken}`, undefined, bearer(body.access_token!));
    await anybody.request('GET', `/nowhere?token=${SECRETS.queryToken}`);
    const browser = new Browser(parley.url);
    await browser.submit('/admin/sign-in', { username: credentials.username, password: SECRETS.wrongPassword });
    await browser.submit('/admin/sign-in', { username: credentials.username, password: SECRETS.password });
    issued.push(browser.cookie.split('=')[1] ?? '');
    await browser.get('/admin/queues');
    for (const token of [SECRETS.metrics, SECRETS.wrongMetrics]) {
      for (const url of [parley.url, parley.worker.url]) await fetch(`${url}/metrics`, { headers: bearer(token) });
    }
    expect(issued.every((secret) => secret.length > 20)).toBe(true);
    expectNoSecretIn(parley.log());
  });

  it('a model API that repeats the key, the password and what it was sent', async () => {
    const user = await Client.register(parley.url);
    issued.push(user.token, user.refreshToken);
    const persona = await user.persona({
      model: 'gpt-6-luna',
      tools: [
        {
          type: 'mcp',
          server_label: 'shop',
          server_url: `https://mcp.example.com/${'x'}?token=${SECRETS.toolToken}`,
        },
      ],
    });
    const conversation = await user.conversation(persona);
    const picture = `https://${SECRETS.pictureUser}:${SECRETS.pictureToken}@example.com/a.png?sig=${SECRETS.queryToken}`;
    const basic = Buffer.from(`${SECRETS.upstreamUser}:${SECRETS.upstreamPassword}`).toString('base64');
    const failures: ScenarioLike[] = [
      scenarios.error(401, { message: `Incorrect API key provided: ${SECRETS.firstKey}.` }),
      scenarios.error(500, { message: 'a code that is a key', code: SECRETS.secondKey }),
      scenarios.error(502, { rawBody: `<html>${SECRETS.firstKey} Basic ${basic}</html>`, contentType: 'text/html' }),
      scenarios.error(400, { message: `Failed to download ${picture}` }),
      scenarios.error(400, { message: `Cannot reach https://mcp.example.com/x?token=${SECRETS.toolToken}` }),
      ...[...ECHOED.map((name) => SECRETS[name]), basic, user.token, databasePassword()].flatMap(
        (secret): ScenarioLike[] => [
          scenarios.error(400, { message: `Bad request: ${secret}` }),
          { type: 'stream-error', message: `bad: ${secret}` },
        ],
      ),
      { type: 'failed', message: `key ${SECRETS.firstKey} is wrong` },
    ];
    for (const failure of failures) {
      upstream.next(failure);
      await user.send(conversation, 'hello', { 'x-request-id': 'a-request-with-a-name' });
    }
    await user.request('POST', `/chat/conversations/${conversation}/send`, {
      content: 'look',
      images: [{ url: picture }],
    });
    expect(upstream.requests.length).toBeGreaterThan(20);
    expectNoSecretIn(parley.log());
  });

  it('a webhook that cannot be reached', async () => {
    const user = await Client.register(parley.url);
    const conversation = await user.conversation();
    const { status, body } = await user.request<{ webhook_secret: string }>('POST', '/budgets', {
      name: 'Small',
      scope: 'workspace',
      unit: 'tokens',
      limit: 100_000,
      period: 'day',
      alert_at_percent: 1,
      webhook_url: `http://127.0.0.1:1/hooks/${SECRETS.hookToken}?token=${SECRETS.queryToken}`,
    });
    expect(status).toBe(201);
    issued.push(body.webhook_secret);
    await user.send(conversation, 'word '.repeat(1200));
    await eventually(() => parley.log().includes('did not take an alert') || undefined, 'the alert to fail', 60_000);
    expectNoSecretIn(parley.log());
  });

  it('keys that are rotated in, refused and put aside', async () => {
    const user = await Client.register(parley.url);
    const conversation = await user.conversation();
    writeFileSync(keyFile, `${SECRETS.rotatedKey}\n${SECRETS.secondKey}\n`);
    await eventually(async () => {
      await user.send(conversation, 'hi');
      return parley.log().includes('put aside') && upstream.requests.some(({ apiKey }) => apiKey === SECRETS.rotatedKey)
        ? true
        : undefined;
    }, 'the new key to be refused');
    expectNoSecretIn(parley.log());
  });

  it('a collector that refuses, and repeats the token', async () => {
    await eventually(() => parley.log().includes('traces could not be sent') || undefined, 'the log to say so');
    expectNoSecretIn(parley.log());
  });

  it('a database that goes away', async () => {
    const user = await Client.register(parley.url);
    await parley.database.drop();
    await user.request('GET', '/chat/conversations');
    await eventually(() => parley.log().includes('"level":40') || undefined, 'the trouble in the log');
    await Promise.all([parley.api.kill('SIGTERM'), parley.worker.kill('SIGTERM')]);
    expectNoSecretIn(parley.log());
  });

  it.each([
    ['a database that refuses', { DATABASE_URL: `postgres://parley:${SECRETS.password}@127.0.0.1:1/none` }],
    ['a host that is not there', { DATABASE_URL: `postgres://parley:${SECRETS.password}@no-such-host.invalid/x` }],
    [
      'settings that cannot be read',
      {
        DATABASE_URL: `postgres://parley:${SECRETS.password} @:x/none`,
        QUEUE_URL: `redis://:${SECRETS.password}@a,b/zero`,
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `grpc://u:${SECRETS.password}@host`,
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
        OTEL_EXPORTER_OTLP_HEADERS: SECRETS.password,
        OPENAI_BASE_URL: `ftp://u:${SECRETS.password}@host`,
        SECRET_KEY: 'sh0rt-secret-value',
        METRICS_TOKEN: 'sh0rt-token',
        NODE_ENV: 'production',
      },
    ],
    ['a queue of another kind', { QUEUE_URL: `amqp://user:${SECRETS.password}@127.0.0.1/x` }],
  ])('a start that fails: %s', async (_what, settings: NodeJS.ProcessEnv) => {
    const start = ParleyProcess.start('worker', {
      DATABASE_URL: `postgres://parley:${SECRETS.password}@127.0.0.1:1/none`,
      SECRET_KEY: SECRETS.signing,
      ENCRYPTION_KEYS: `k2:${SECRETS.encryption}`,
      LOG_LEVEL: 'trace',
      ...settings,
    });
    const output = await start.then(
      async (process) => {
        await process.kill();
        return process.log;
      },
      (error: unknown) => String(error),
    );
    expect(output).toContain('The process ended');
    for (const secret of [SECRETS.password, 'sh0rt-secret-value', 'sh0rt-token', SECRETS.signing]) {
      expect(output).not.toContain(secret);
    }
  });
});
