import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Explained, ROOT } from './project.mjs';
import { quietly } from './run.mjs';

const STAMP = join(ROOT, 'node_modules/.parley-lock');

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');

export function isInstalled() {
  if (!existsSync(STAMP)) return false;
  const [hash, platform] = readFileSync(STAMP, 'utf8').split('\n');
  return hash === lockHash() && platform === `${process.platform}-${process.arch}`;
}

/** Makes node_modules what the lockfile says, if it is not. */
export async function install() {
  if (isInstalled()) return;
  process.stderr.write('Installing packages (once) …\n');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=optional', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = npm
    ? await quietly(process.execPath, [npm, ...args], { cwd: ROOT, env: installEnv() })
    : await quietly(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
        cwd: ROOT,
        env: installEnv(),
        shell: process.platform === 'win32',
      });
  if (code !== 0)
    throw new Explained(
      `npm ci failed:\n${output}\nCheck the network and the registry (npm config get registry), then start again.`,
    );
  writeFileSync(STAMP, `${lockHash()}\n${process.platform}-${process.arch}`);
}

/** NODE_ENV=production would leave the compiler out. */
function installEnv() {
  const { NODE_ENV: _environment, ...env } = process.env;
  return env;
}
