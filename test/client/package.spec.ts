import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { InstalledClient } from '../support/installed-client';

const ROOT = resolve(__dirname, '../..');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

const SCRIPT = `
import { createParley, ParleyError, Realtime } from '@parley/client';
const parley = createParley({ baseUrl: process.argv[2], token: 't' });
const { data } = await parley.rest.GET('/auth/me');
const refused = await parley.rest.GET('/personas').catch((error) => error);
const realtime = parley.realtime();
console.log(JSON.stringify([data.id, refused instanceof ParleyError, refused.code, realtime instanceof Realtime]));
realtime.close();
`;

const TYPED = `
import { createParley, type SocketMessage, type TurnEvent } from '@parley/client';
const parley = createParley({ baseUrl: 'https://parley.test', getToken: async () => 't' });
export async function talk(): Promise<string> {
  const { data } = await parley.rest.POST('/chat/conversations', { body: { persona_id: 1 } });
  const id: number = data.id;
  // @ts-expect-error there is no such route
  await parley.rest.GET('/nothing');
  // @ts-expect-error a persona has a number
  await parley.rest.POST('/chat/conversations', { body: { persona_id: 'one' } });
  // @ts-expect-error the conversation must be named
  await parley.rest.GET('/chat/conversations/{conversation_id}/messages');
  for await (const event of parley.send(id, 'hello')) show(event);
  const chat = await parley.realtime().join({ conversationId: id });
  chat.on('messages', (messages: SocketMessage[]) => messages.length);
  // @ts-expect-error there is no such event
  chat.on('nothing', () => undefined);
  const { seq } = await chat.send('hello');
  return String(seq);
}
const show = (event: TurnEvent): string => (event.event === 'message.delta' ? event.data.delta : '');
`;

describe('the package that npm pack makes', () => {
  let installed: InstalledClient;
  let folder: string;
  let server: Server;

  beforeAll(async () => {
    installed = InstalledClient.create();
    ({ folder } = installed);
    server = createServer((request, response) => {
      const isMe = request.url === '/auth/me' && request.headers.authorization === 'Bearer t';
      response.writeHead(isMe ? 200 : 403, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isMe ? { id: 3 } : { code: 'PERSONA.FORBIDDEN', detail: 'no' }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.close();
    installed.remove();
  });

  it('has the compiled code with its types, a page to read, and nothing else', () => {
    expect(readdirSync(installed.package).sort()).toEqual(['README.md', 'dist', 'package.json']);
    const files = readdirSync(join(installed.package, 'dist'), { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(expect.arrayContaining(['index.js', 'index.d.ts']));
    expect(files.filter((name) => /\.(js|d\.ts)$/.test(name) === false && /\.\w+$/.test(name))).toEqual([]);
  });

  it('runs in a plain script of an empty folder', async () => {
    writeFileSync(join(folder, 'script.mjs'), SCRIPT);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { stdout } = await promisify(execFile)(process.execPath, ['script.mjs', url], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual([3, true, 'PERSONA.FORBIDDEN', true]);
  });

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('its types hold in a strict TypeScript project (module %s, resolution %s)', (module, moduleResolution) => {
    writeFileSync(join(folder, 'typed.mts'), TYPED);
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,dom'];
    const args = [TSC, ...options, '--module', module, '--moduleResolution', moduleResolution, 'typed.mts'];
    expect(spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout).toBe('');
  });
});

describe('the generated parts of the client', () => {
  it('are what docs/openapi.json and the event map say', () => {
    const args = ['scripts/client-generate.mjs', '--check'];
    expect(execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' }).split('up to date')).toHaveLength(4);
  });
});
