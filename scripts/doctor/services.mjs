import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ROOT } from '../lib/project.mjs';
import { isExposed } from './environment.mjs';
import { report } from './report.mjs';

const TIMEOUT_MS = 5000;
/** Leases and rate limits use the database's clock; tokens and logs this machine's. */
const MAX_CLOCK_SKEW_MS = 5000;
const POSTGRES = ['postgres:', 'postgresql:'];
const REDIS = ['redis:', 'rediss:', 'valkey:', 'valkeys:'];
const DEFAULT_PORTS = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
  'valkey:': 6379,
  'valkeys:': 6379,
};
const SEVERAL = /^(?:redis|valkey)s?\+(sentinel|cluster):\/\/([^/?]+)/i;

export async function checkDatabase(env) {
  const text = env.DATABASE_URL?.trim();
  if (!text || !(await checkUrl('DATABASE_URL', text, POSTGRES))) return;
  const client = postgresClient(text);
  if (client === undefined) return;
  try {
    await client.connect();
    const before = Date.now();
    const { rows } = await client.query(
      "SELECT clock_timestamp() AS now, current_setting('server_version_num')::int AS version",
    );
    const skewMs = rows[0].now.getTime() - (before + Date.now()) / 2;
    if (rows[0].version < 140_000) report('fail', 'DATABASE_URL: that PostgreSQL is older than 14', 'use a newer one');
    else report('ok', 'DATABASE_URL: the login works');
    if (Math.abs(skewMs) <= MAX_CLOCK_SKEW_MS) report('ok', 'the clocks of this machine and the database agree');
    else
      report('warn', `the clock of the database differs by ${Math.round(skewMs / 1000)} s`, 'synchronise both (NTP)');
  } catch (error) {
    const fixes = { '28P01': 'correct the user or the password', '3D000': 'make that database (createdb)' };
    report(
      'fail',
      `DATABASE_URL: the login fails (${error.code ?? error.name})`,
      fixes[error.code] ?? 'check user, database and ssl settings',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Only when the packages are installed. */
function postgresClient(connectionString) {
  try {
    const { Client } = createRequire(join(ROOT, 'package.json'))('pg');
    const client = new Client({ connectionString, connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS });
    client.on('error', () => undefined);
    return client;
  } catch {
    return undefined;
  }
}

export async function checkQueue(env) {
  const text = env.QUEUE_URL?.trim();
  const host = env.REDIS_HOST?.trim();
  if (text && SEVERAL.test(text)) {
    if (await checkHosts('QUEUE_URL', text)) await checkRedis('QUEUE_URL', text);
  } else if (text) {
    const answers = await checkUrl('QUEUE_URL', text, [...POSTGRES, ...REDIS]);
    if (answers && REDIS.includes(new URL(text).protocol)) await checkRedis('QUEUE_URL', text);
  } else if (host) {
    const password = env.REDIS_PASSWORD?.trim();
    const login = password ? `:${encodeURIComponent(password)}@` : '';
    const url = `redis://${login}${host}:${env.REDIS_PORT?.trim() || 6379}`;
    if (await checkUrl('REDIS_HOST', url, REDIS)) await checkRedis('REDIS_HOST', url);
  }
}

/** What the processes themselves look at when they start: login, version, settings. Only in a checkout that is built. */
async function checkRedis(variable, text) {
  let inspect;
  let parse;
  try {
    const load = createRequire(join(ROOT, 'package.json'));
    ({ inspectRedis: inspect } = load('./dist/libs/platform/src/redis/inspect-redis.js'));
    ({ parseRedisUrl: parse } = load('./dist/libs/platform/src/config/redis-url.js'));
  } catch {
    return;
  }
  try {
    const { unreachable, warnings } = await inspect(parse(text));
    if (unreachable !== undefined) report('fail', `${variable}: Redis does not answer: ${unreachable}`);
    else if (warnings.length === 0) report('ok', `${variable}: the login works, and Redis is fit for it`);
    for (const warning of warnings ?? []) report('warn', `${variable}: ${warning}`);
  } catch (error) {
    report('fail', `${variable}: ${error.message}`);
  }
}

/** Sentinels, or nodes of a cluster: one of them must answer; true when it does. */
async function checkHosts(variable, text) {
  const [, kind, authority] = SEVERAL.exec(text);
  const port = kind.toLowerCase() === 'sentinel' ? 26_379 : 6379;
  const answers = [];
  for (const item of authority.slice(authority.lastIndexOf('@') + 1).split(',')) {
    const url = URL.canParse(`http://${item}`) ? new URL(`http://${item}`) : undefined;
    if (url === undefined || url.hostname === '') {
      report('fail', `${variable} has a host that cannot be read`, 'see .env.example');
      return false;
    }
    // The port may be 80, which such a URL leaves out.
    const given = /:(\d+)$/.exec(item)?.[1];
    answers.push(await checkAddress(variable, url.hostname, Number(given ?? port), 'warn'));
  }
  const answersAtAll = answers.includes(true);
  if (!answersAtAll) report('fail', `${variable}: none of its hosts can be reached`, 'start them, or correct them');
  return answersAtAll;
}

/** Whether the address answers; true when it does. */
async function checkUrl(variable, text, protocols) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !protocols.includes(url.protocol) || url.hostname === '') {
    const schemes = protocols.map((protocol) => `${protocol}//`).join(', ');
    report('fail', `${variable} is not a URL that begins with one of ${schemes}`, 'see .env.example');
    return false;
  }
  return checkAddress(variable, url.hostname, Number(url.port || DEFAULT_PORTS[url.protocol]), 'fail');
}

async function checkAddress(variable, hostname, port, severity) {
  const host = hostname.replace(/^\[|\]$/g, '');
  const problem = await new Promise((done) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    const finish = (what) => {
      socket.destroy();
      done(what);
    };
    socket.once('connect', () => finish(undefined));
    socket.once('timeout', () => finish('no answer'));
    socket.once('error', (error) => finish(error.code));
  });
  if (problem === undefined) report('ok', `${variable}: ${host}:${port} answers`);
  else
    report(
      severity,
      `${variable}: ${host}:${port} cannot be reached (${problem})`,
      'start it, or correct the host and port',
    );
  return problem === undefined;
}

/** The keys, as the program reads them: those of the file win. Undefined when the file is of no use, which is reported then. */
function keysOf(env) {
  const file = env.OPENAI_API_KEY_FILE?.trim();
  if (!file) return keysIn(env.OPENAI_API_KEY ?? '');
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Reported with the empty file.
  }
  const keys = keysIn(text);
  if (keys.length > 0) return keys;
  report(
    'fail',
    'OPENAI_API_KEY_FILE cannot be read or has no key in it',
    'name a readable file with one key per line',
  );
  return undefined;
}

const keysIn = (text) =>
  text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((key) => key.trim())
    .filter((key) => key !== '');

export async function checkAi(env) {
  const keys = keysOf(env);
  if (keys === undefined) return;
  const key = keys[0];
  const base = env.OPENAI_BASE_URL?.trim();
  if (!key && !base) {
    const isAllowed = ['true', '1', 'yes', 'on'].includes(env.ALLOW_SIMULATOR?.trim().toLowerCase());
    if (!isExposed(env) || isAllowed) report('ok', 'OPENAI_API_KEY is not set: the simulator answers');
    else
      report(
        'fail',
        'no AI: the simulator does not answer in production',
        'set OPENAI_API_KEY or OPENAI_BASE_URL, or ALLOW_SIMULATOR=true',
      );
    return;
  }
  if (!base && keys.some((one) => !/^sk-\S{16,}$/.test(one))) {
    report(
      'warn',
      'OPENAI_API_KEY does not look like a key of OpenAI',
      'they begin with sk-; copy it again, without quotes and spaces',
    );
  }
  const url = `${(base || 'https://api.openai.com/v1').replace(/\/+$/, '')}/models`;
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    report('fail', 'OPENAI_BASE_URL is not a URL', 'it looks like http://127.0.0.1:11434/v1');
    return;
  }
  const { host } = new URL(url);
  try {
    const headers = { authorization: `Bearer ${key ?? 'not-needed'}` };
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.ok) report('ok', `the AI at ${host} answers`);
    else if (answer.status === 401) report('fail', `${host} refuses the key (401)`, 'check OPENAI_API_KEY');
    else report('warn', `${host} answers ${answer.status} to GET /models`, 'check OPENAI_BASE_URL; most end in /v1');
  } catch (error) {
    report(
      'fail',
      `${host} cannot be reached (${error.cause?.code ?? error.name})`,
      'check OPENAI_BASE_URL and the network',
    );
  }
}
