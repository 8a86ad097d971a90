import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppConfig } from './config';
import { ConfigError } from './env-reader';

const BASE = {
  DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/parley',
  SECRET_KEY: 'x'.repeat(40),
  ENCRYPTION_KEYS: `k1:${'0f'.repeat(32)}`,
};
const problemsOf = (env: NodeJS.ProcessEnv): string[] => {
  try {
    new AppConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map((problem) => problem.variable);
  }
};

describe('AppConfig', () => {
  it('needs only a database and a secret', () => {
    const config = new AppConfig(BASE);
    expect(config.openai.provider).toBe('simulator');
    expect(config.queue).toEqual({ backend: 'postgres', url: BASE.DATABASE_URL });
    expect(config.http.host).toBe('127.0.0.1');
  });

  it('names every wrong variable at once, and no value', () => {
    expect.assertions(3);
    try {
      new AppConfig({ ...BASE, OPENAI_TIMEOUT: 'soon', PORT: '99999', OPENAI_API: 'hunter2' });
    } catch (error) {
      expect((error as ConfigError).problems.map((problem) => problem.variable).sort()).toEqual([
        'OPENAI_API',
        'OPENAI_TIMEOUT',
        'PORT',
      ]);
      expect((error as Error).message).not.toContain('hunter2');
      expect((error as Error).message).toContain('whole number from 100 to 600000');
    }
  });

  it.each([
    ['production', { NODE_ENV: 'production' }],
    ['an address that others reach', { HOST: '0.0.0.0' }],
  ])('refuses the simulator and weak secrets in %s', (_what, env) => {
    expect(problemsOf({ ...BASE, ...env })).toEqual(['OPENAI_API_KEY']);
    expect(problemsOf({ ...BASE, ...env, OPENAI_API_KEY: 'sk-test-123', SECRET_KEY: 'changeme' })).toEqual([
      'SECRET_KEY',
    ]);
    expect(problemsOf({ ...BASE, ...env, ALLOW_SIMULATOR: 'true' })).toEqual([]);
  });

  it('takes encryption keys as hexadecimal digits or base64, the first for new values', () => {
    const raw = Buffer.alloc(32, 7);
    const ENCRYPTION_KEYS = `k3:${raw.toString('hex')}, k2:${raw.toString('base64')},k1:${raw.toString('base64url')}`;
    const { keys } = new AppConfig({ ...BASE, ENCRYPTION_KEYS }).encryption;
    expect(keys).toEqual(['k3', 'k2', 'k1'].map((id) => ({ id, key: raw })));
  });

  it.each([
    '',
    'abc',
    'k1:abc',
    `:${'0f'.repeat(32)}`,
    `k1:${'0f'.repeat(31)}`,
    `k1:${'0f'.repeat(32)},k1:${'0a'.repeat(32)}`,
  ])('refuses the encryption keys "%s"', (ENCRYPTION_KEYS) =>
    expect(problemsOf({ ...BASE, ENCRYPTION_KEYS })).toEqual(['ENCRYPTION_KEYS']),
  );

  it('takes several keys, and those of a file before those of the variable', () => {
    const directory = mkdtempSync(join(tmpdir(), 'parley-config-'));
    const file = join(directory, 'keys');
    const keysOf = (env: NodeJS.ProcessEnv): string[] => new AppConfig({ ...BASE, ...env }).openai.apiKeys;
    try {
      expect(keysOf({ OPENAI_API_KEY: ' sk-a, sk-b ,,sk-a' })).toEqual(['sk-a', 'sk-b']);
      writeFileSync(file, '# ours\r\nsk-c\r\n\r\nsk-d,sk-e\n');
      expect(keysOf({ OPENAI_API_KEY: 'sk-a', OPENAI_API_KEY_FILE: file })).toEqual(['sk-c', 'sk-d', 'sk-e']);
      expect(new AppConfig({ ...BASE, OPENAI_API_KEY_FILE: file }).openai.provider).toBe('openai');
      for (const broken of ['', '# nothing', 'two words']) {
        writeFileSync(file, broken);
        expect(problemsOf({ ...BASE, OPENAI_API_KEY: 'sk-a', OPENAI_API_KEY_FILE: file })).toContain(
          'OPENAI_API_KEY_FILE',
        );
      }
      expect(problemsOf({ ...BASE, OPENAI_API_KEY_FILE: join(directory, 'none') })).toContain('OPENAI_API_KEY_FILE');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('takes the other names of the seeds, and lets the longer one win', () => {
    expect(new AppConfig({ ...BASE, MAX_TOKENS: '77', TEMPERATURE: '0.1' }).openai).toMatchObject({
      maxTokens: 77,
      temperature: 0.1,
    });
    expect(new AppConfig({ ...BASE, MAX_TOKENS: '77', OPENAI_MAX_TOKENS: '99' }).openai.maxTokens).toBe(99);
  });

  it('takes a Redis from REDIS_HOST, REDIS_PORT and REDIS_PASSWORD, unless QUEUE_URL names another', () => {
    const composed = { ...BASE, REDIS_HOST: 'r', REDIS_PORT: '6380', REDIS_PASSWORD: 'a/b' };
    expect(new AppConfig(composed).queue).toMatchObject({
      backend: 'redis',
      variable: 'REDIS_HOST',
      prefix: '{parley}',
      redis: { nodes: [{ host: 'r', port: 6380 }], password: 'a/b' },
    });
    expect(new AppConfig({ ...composed, QUEUE_URL: 'redis://other', QUEUE_PREFIX: 'team-a' }).queue).toMatchObject({
      prefix: '{team-a}',
      redis: { nodes: [{ host: 'other', port: 6379 }], password: undefined },
    });
  });

  it('names QUEUE_URL and QUEUE_PREFIX when they are wrong, and repeats neither', () => {
    expect(problemsOf({ ...BASE, QUEUE_URL: 'amqp://x' })).toEqual(['QUEUE_URL']);
    expect(problemsOf({ ...BASE, QUEUE_URL: 'redis://a,b', QUEUE_PREFIX: '{parley}' }).sort()).toEqual([
      'QUEUE_PREFIX',
      'QUEUE_URL',
    ]);
    expect(problemsOf({ ...BASE, REDIS_HOST: 'not a host' })).toEqual(['REDIS_HOST']);
  });

  it('takes a base URL without a key for a compatible server', () => {
    expect(new AppConfig({ ...BASE, OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1/' }).openai).toMatchObject({
      provider: 'compatible',
      baseUrl: 'http://127.0.0.1:11434/v1',
    });
    expect(new AppConfig({ ...BASE, OPENAI_API_KEY: 'sk-x' }).openai.provider).toBe('openai');
  });

  it('accepts several secrets, the first for signing', () => {
    expect(new AppConfig({ ...BASE, SECRET_KEY: 'new-one, old-one' }).auth.secretKeys).toEqual(['new-one', 'old-one']);
  });

  it('.env.example has every variable that is read, and no other', () => {
    const read = new Set<string>();
    const recording = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
      new Proxy(env, {
        get: (target, name: string): string | undefined => {
          read.add(name);
          return target[name];
        },
      });
    new AppConfig(recording({ ...BASE }));
    new AppConfig(recording({ ...BASE, NODE_ENV: 'production', ALLOW_SIMULATOR: 'true' }));
    new AppConfig(recording({ ...BASE, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }));
    const example = readFileSync(resolve(__dirname, '../../../../.env.example'), 'utf8');
    const documented = [...example.matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]!);
    // Read by the start script, before the configuration exists.
    const readElsewhere = ['DATA_DIR'];
    expect([...new Set(documented)].sort()).toEqual([...read, ...readElsewhere].sort());
  });

  it('takes a channel from the environment whole, or says what of it is missing', () => {
    const WHATSAPP = {
      WHATSAPP_PHONE_NUMBER_ID: '106540352242922',
      WHATSAPP_ACCESS_TOKEN: 'EAAJB',
      WHATSAPP_APP_SECRET: 'secret',
    };
    expect(new AppConfig(BASE).channels).toEqual({
      whatsAppBaseUrl: 'https://graph.facebook.com',
      instagramBaseUrl: 'https://graph.instagram.com',
      graphApiVersion: 'v26.0',
      allowPrivateMattermost: false,
      fromEnvironment: [],
    });
    const { channels } = new AppConfig({
      ...BASE,
      ...WHATSAPP,
      WHATSAPP_VERIFY_TOKEN: 'verify',
      GRAPH_BASE_URL: 'http://127.0.0.1:9/',
    });
    expect(channels.instagramBaseUrl).toBe('http://127.0.0.1:9');
    expect(channels.fromEnvironment).toEqual([
      {
        type: 'whatsapp',
        credentials: {
          phone_number_id: '106540352242922',
          access_token: 'EAAJB',
          app_secret: 'secret',
          verify_token: 'verify',
        },
        variables: {
          phone_number_id: 'WHATSAPP_PHONE_NUMBER_ID',
          access_token: 'WHATSAPP_ACCESS_TOKEN',
          app_secret: 'WHATSAPP_APP_SECRET',
          verify_token: 'WHATSAPP_VERIFY_TOKEN',
        },
      },
    ]);
    expect(problemsOf({ ...BASE, ...WHATSAPP })).toEqual(['WHATSAPP_VERIFY_TOKEN']);
    expect(problemsOf({ ...BASE, GRAPH_BASE_URL: 'https://me:pass@proxy.example.org' })).toEqual(['GRAPH_BASE_URL']);
    expect(problemsOf({ ...BASE, GRAPH_API_VERSION: '26', GRAPH_BASE_URL: 'graph.facebook.com' })).toEqual([
      'GRAPH_BASE_URL',
      'GRAPH_API_VERSION',
    ]);
  });
});
