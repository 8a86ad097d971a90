import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Explained, ROOT } from './project.mjs';
import { quietly } from './run.mjs';

const MODULES = join(ROOT, 'node_modules');
const LOCKFILE = join(ROOT, 'package-lock.json');
const STAMP = join(MODULES, '.parley-lock');
/** What npm itself notes about the packages that it put there. */
const INSTALLED = join(MODULES, '.package-lock.json');

// No script of a package is run: none is needed, and npm 12 blocks them anyway.
const NPM_CI = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--prefer-offline'];
const NPM_QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];
const TAIL_LINES = 40;

const stamp = () => {
  const hash = createHash('sha256').update(readFileSync(LOCKFILE)).digest('hex');
  return `${hash}\n${process.platform}-${process.arch}`;
};

/** Whether node_modules is what the lockfile says. */
export function isInstalled() {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp()) return true;
  return wasInstalledByHand();
}

/** Somebody ran `npm ci` or `npm install`: then npm's own note agrees with the lockfile, and installing again would change nothing. */
function wasInstalledByHand() {
  if (!existsSync(INSTALLED)) return false;
  const wanted = JSON.parse(readFileSync(LOCKFILE, 'utf8')).packages;
  const found = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  const isSame = (path) =>
    found[path]?.version === wanted[path]?.version && found[path]?.integrity === wanted[path]?.integrity;
  return (
    Object.keys(found).every(isSame) &&
    Object.entries(wanted).every(([path, entry]) => path === '' || path in found || isForOthers(entry))
  );
}

/** Packages that npm rightly leaves out here: optional ones for another system, and what only those need. */
function isForOthers(entry) {
  if (!entry.optional) return false;
  const excludes = (list, value) => list !== undefined && ![list].flat().includes(value);
  const isTool = entry.os === undefined && entry.cpu === undefined;
  return (
    isTool || entry.libc !== undefined || excludes(entry.os, process.platform) || excludes(entry.cpu, process.arch)
  );
}

/** Makes node_modules what the lockfile says, if it is not. */
export async function install() {
  if (!isInstalled()) {
    process.stderr.write('Installing packages (once; up to a minute) …\n');
    const { code, output } = await npm([...NPM_CI, ...NPM_QUIET]);
    if (code !== 0) throw new Explained(`npm ci failed:\n${tail(output)}\n${advice(output)}`);
  }
  if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== stamp()) noteInstalled();
}

function noteInstalled() {
  try {
    writeFileSync(STAMP, stamp());
  } catch {
    // node_modules belongs to somebody else; the next start compares again.
  }
}

function npm(args) {
  const options = { cwd: ROOT, env: installEnv() };
  const running = process.env.npm_execpath ?? '';
  // The npm that called us; not pnpm or yarn, which set the same variable and have no lockfile here.
  if (/npm-cli\.c?js$/.test(running)) return quietly(process.execPath, [running, ...args], options);
  const isWindows = process.platform === 'win32';
  return quietly(isWindows ? 'npm.cmd' : 'npm', args, { ...options, shell: isWindows }).catch((error) => {
    throw new Explained(`npm cannot be run (${error.code}). It comes with Node: https://nodejs.org`);
  });
}

/** NODE_ENV=production would leave the compiler out. */
function installEnv() {
  const { NODE_ENV: _environment, ...env } = process.env;
  return env;
}

const tail = (output) => output.trim().split('\n').slice(-TAIL_LINES).join('\n');

function advice(output) {
  if (/EACCES|EPERM/.test(output)) return `Start as the owner of ${ROOT}, or make it writable.`;
  if (/ENOSPC/.test(output)) return 'Free about 1 GiB of disk space, then start again.';
  if (/in sync/.test(output)) return 'package.json and package-lock.json differ: run npm install, then start again.';
  return 'Check the network and the registry (npm config get registry), then start again.';
}
