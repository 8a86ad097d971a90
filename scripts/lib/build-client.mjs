import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Explained, ROOT } from './project.mjs';
import { quietly } from './run.mjs';

const CLIENT = join(ROOT, 'libs/client');
const OUTPUT = join(CLIENT, 'dist');
/** Beside the output, so that it is no part of the package. */
const STAMP = join(CLIENT, '.build-stamp');

function* filesOf(path) {
  if (!statSync(path).isDirectory()) yield path;
  else for (const entry of readdirSync(path).sort()) yield* filesOf(join(path, entry));
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const source of ['src', 'tsconfig.json', 'package.json']) {
    for (const file of filesOf(join(CLIENT, source)))
      hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Compiles libs/client to its own dist/ when a source changed. The application does not need it; tests and `npm pack` do. */
export async function buildClient(node) {
  const wanted = fingerprint();
  if (existsSync(STAMP) && existsSync(OUTPUT) && readFileSync(STAMP, 'utf8') === wanted) return false;
  rmSync(OUTPUT, { recursive: true, force: true });
  const { code, output } = await quietly(node, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', CLIENT], {
    cwd: ROOT,
  });
  if (code !== 0) throw new Explained(`The client does not compile:\n${output}`);
  writeFileSync(STAMP, wanted);
  return true;
}
