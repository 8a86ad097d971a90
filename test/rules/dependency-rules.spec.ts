import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const DEPCRUISE = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const ARGS = ['--config', '.dependency-cruiser.cjs', '--output-type', 'err'];

/** Runs the checker over the real code plus one file with a bad import, and returns what it says. */
function checkWith(file: string, content: string): string {
  const path = join(ROOT, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  try {
    return spawnSync(process.execPath, [DEPCRUISE, file, ...ARGS], { cwd: ROOT, encoding: 'utf8' }).stdout;
  } finally {
    rmSync(path, { force: true });
  }
}

describe('dependency rules', () => {
  it('the code keeps them', () => {
    expect(
      execFileSync(process.execPath, [DEPCRUISE, 'apps', 'libs', ...ARGS], { cwd: ROOT, encoding: 'utf8' }),
    ).toContain('no dependency violations');
  });

  it.each([
    [
      'reaching into another library',
      'libs/conversations/src/zz-bad.ts',
      "import '../../platform/src/database/pg-errors';",
      'libraries-are-closed-to-each-other',
    ],
    [
      'a client that needs the backend to be there',
      'libs/client/src/zz-bad.ts',
      "import '../../contracts/src/index';",
      'client-stands-alone',
    ],
    [
      'a backend that talks to itself',
      'libs/sessions/src/zz-bad.ts',
      "import '../../client/src/index';",
      'client-is-for-others',
    ],
    [
      'an edge that does not exist',
      'libs/personas/src/zz-bad.ts',
      "import '@app/conversations';",
      'personas-uses-only-its-edges',
    ],
    [
      'a platform that knows a feature',
      'libs/platform/src/zz-bad.ts',
      "import '@app/auth';",
      'platform-uses-no-feature',
    ],
    [
      'typeorm in a service',
      'libs/conversations/src/zz-bad.ts',
      "import { DataSource } from 'typeorm';\nexport type X = DataSource;",
      'typeorm-only-in-persistence',
    ],
    [
      'openai outside its provider',
      'libs/ai-gateway/src/zz-bad.ts',
      "import OpenAI from 'openai';\nexport type X = OpenAI;",
      'openai-only-in-provider',
    ],
    [
      'bullmq in a feature',
      'libs/ai-gateway/src/zz-bad.ts',
      "import { Queue } from 'bullmq';\nexport type X = Queue;",
      'bullmq-only-in-queue',
    ],
  ])('catches %s', (_what, file, content, rule) => {
    expect(checkWith(file, content)).toContain(rule);
  });
});
