import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '../support/client';
import { InstalledClient } from '../support/installed-client';
import { type Parley, startParley } from '../support/parley';

const README = resolve(__dirname, '../../libs/client/README.md');

describe('the examples of libs/client/README.md', () => {
  let parley: Parley;
  let installed: InstalledClient;

  beforeAll(async () => {
    // The simulator answers, as it does somebody who tries them without a key.
    parley = await startParley({ SOCKET_DEBOUNCE_MS: '0' });
    installed = InstalledClient.create();
  });
  afterAll(async () => {
    installed.remove();
    await parley.stop();
  });

  it('run one after the other as they are written, in a folder with nothing but the package', async () => {
    const user = new Client(() => parley.url);
    const account = { username: 'you@example.com', password: 'choose-a-long-one' };
    expect((await user.request('POST', '/auth/register', account)).status).toBe(201);
    const examples = [...readFileSync(README, 'utf8').matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code!);
    expect(examples.length).toBeGreaterThanOrEqual(5);
    const script = examples.join('\n').replaceAll('http://127.0.0.1:3000', parley.url);
    // The answer over the socket is the fourth message.
    const end = `
      await new Promise((resolve) => chat.on('messages', (messages) => messages.some(({ seq }) => seq === 4) && resolve()));
      console.log('the end', stream.text.length > 0);
      realtime.close();`;
    writeFileSync(join(installed.folder, 'examples.mjs'), script + end);
    const { stdout } = await promisify(execFile)(process.execPath, ['examples.mjs'], {
      cwd: installed.folder,
      timeout: 50_000,
    });
    const lines = stdout.split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^CONVERSATION\.NOT_FOUND 404 /));
    expect(lines).toContainEqual('1 user Tell me a story.');
    expect(lines).toContainEqual('3 user Hello!');
    expect(lines).toContainEqual(expect.stringMatching(/^4 assistant ./));
    expect(lines).toContainEqual('the end true');
  });
});
