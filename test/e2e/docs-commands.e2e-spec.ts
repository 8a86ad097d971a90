import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Parley, startParley } from '../support/parley';

const TOOLS = ['bash', 'curl', 'openssl', 'sed'];
const hasTools = TOOLS.every((tool) => spawnSync(tool, ['--version']).error === undefined);

/** The commands of a page, in their order. */
const commandsOf = (page: string): string[] =>
  [...readFileSync(resolve(__dirname, '../..', page), 'utf8').matchAll(/^ *```sh\n(.*?)^ *```/gms)].map(
    ([, code]) => code!,
  );

describe('the commands of the documentation', () => {
  let parley: Parley;
  beforeAll(async () => {
    // The simulator answers, as it does somebody who tries them without a key.
    parley = await startParley();
  });
  afterAll(() => parley.stop());

  (hasTools ? it : it.skip)(
    'of sessions and the support chat work as they are written, one after the other',
    async () => {
      const register = commandsOf('README.md').filter((code) => code.startsWith('TOKEN='));
      const [sessions, support] = [commandsOf('docs/sessions.md'), commandsOf('docs/support-chat.md')];
      expect([register.length, sessions.length, support.length]).toEqual([1, 2, 6]);
      const script = [
        'set -euo pipefail',
        // A refusal is the end.
        'curl() { command curl --fail-with-body --show-error "$@"; }',
        ...register,
        ...sessions,
        ...support,
      ].join('\n');
      const { stdout } = await promisify(execFile)(
        'bash',
        ['-c', script.replaceAll('http://127.0.0.1:3000', parley.url)],
        {
          timeout: 50_000,
        },
      );
      expect(stdout).toContain('"name":"Dana Moss"');
      expect(stdout).toContain('"session":{"id":"cs_');
      expect(stdout).toMatch(/"messageId":\d+,"confidence":null/);
      expect(stdout).toMatch(/pk_[\w-]{32}$/m);
      expect(stdout).toContain('"isIdentified":true');
      expect(stdout).toContain('"status":"healthy"');
    },
  );
});
