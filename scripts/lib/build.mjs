import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONSOLE_MANIFEST } from './build-console.mjs';
import { Explained, ROOT } from './project.mjs';
import { quietly } from './run.mjs';

const SOURCES = [
  'apps',
  'libs',
  'migrations',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'scripts/lib/build-console.mjs',
  'package-lock.json',
];
const STAMP = join(ROOT, 'dist/.parley-build');
const OUTPUTS = ['dist/apps', 'dist/libs', 'dist/migrations'];
/** What the compiler remembers of the last build; it compiles only what changed. */
const BUILD_INFO = 'dist/.tsbuildinfo';

/** Has a build of its own. The chat page is made of its sources, but not of what is built of them. */
const CLIENT = join(ROOT, 'libs/client');
const CLIENT_OUTPUTS = new Set([join(CLIENT, 'dist'), join(CLIENT, '.build-stamp')]);

function* filesOf(path) {
  if (!existsSync(path) || CLIENT_OUTPUTS.has(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const entry of readdirSync(path).sort()) if (entry !== 'node_modules') yield* filesOf(join(path, entry));
}

/** What the build depends on, by content: a fresh checkout of the same sources is not another build. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesOf(join(ROOT, source)))
      hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Compiled files of sources that are gone must not stay: migrations are found by listing their folder. */
function removeStaleOutputs() {
  for (const output of OUTPUTS) {
    for (const file of filesOf(join(ROOT, output))) {
      const source = file.replace(join(ROOT, 'dist'), ROOT).replace(/\.js(\.map)?$/, '.ts');
      if (!existsSync(source)) rmSync(file);
    }
  }
}

const isUpToDate = (wanted) =>
  existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted && existsSync(CONSOLE_MANIFEST);

/** Whether dist/ is what the sources say. */
export const isBuilt = () => isUpToDate(fingerprint());

/** Compiles to dist/, and builds the chat page there, when a source changed. Returns whether it did. A build that fails leaves the last good one in place. */
export async function build(node, { force = false } = {}) {
  const wanted = fingerprint();
  if (!force && isUpToDate(wanted)) return false;
  process.stderr.write('Building …\n');
  rmSync(STAMP, { force: true });
  if (force)
    for (const output of [...OUTPUTS, BUILD_INFO]) rmSync(join(ROOT, output), { recursive: true, force: true });
  const { code, output } = await quietly(node, [join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js'), 'build'], {
    cwd: ROOT,
  });
  if (code !== 0) throw new Explained(`The build failed:\n${output}`);
  removeStaleOutputs();
  const pages = await quietly(node, [join(ROOT, 'scripts/console-build.mjs')], { cwd: ROOT });
  if (pages.code !== 0) throw new Explained(`The build of the chat page failed:\n${pages.output}`);
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  writeFileSync(STAMP, wanted);
  return true;
}
