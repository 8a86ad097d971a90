import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { type ChannelAccess, type ChannelAdapter, ChannelSendError, type ChannelSettings } from '@app/channels';
import * as ts from 'typescript';

const ROOT = resolve(__dirname, '../..');
const ADAPTER = resolve(ROOT, 'libs/channels/src/telegram/telegram.adapter.ts');
const CHANNEL = resolve(ROOT, 'libs/channels/src/core/channel.ts');
const SETTINGS = {} as ChannelSettings;
const SECRET = 'a-secret-of-our-own-choice';
const TOKEN = `1234567890:${'A'.repeat(35)}`;

/** The code of the page that begins with the name of a file. */
function exampleOf(file: string): string {
  const page = readFileSync(resolve(ROOT, 'docs/channels.md'), 'utf8');
  const code = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text]) => text!);
  const found = code.find((text) => text.startsWith(`// ${file}\n`));
  if (found === undefined) throw new Error(`docs/channels.md has no ${file}.`);
  return found;
}

/** What the page says besides: one word more. */
const withTelegram = (text: string): string => {
  const changed = text.replace("'whatsapp', 'instagram'", "'whatsapp', 'instagram', 'telegram'");
  if (changed === text) throw new Error('CHANNEL_TYPES does not look as the page supposes.');
  return changed;
};

/** Compiles with the settings of the project, as if the files of the page were there. */
function problemsOf(source: string): string[] {
  const read = ts.readConfigFile(resolve(ROOT, 'tsconfig.json'), (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, ROOT);
  const settings: ts.CompilerOptions = { ...options, noEmit: true, incremental: false, tsBuildInfoFile: undefined };
  const host = ts.createCompilerHost(settings);
  const [readFile, fileExists] = [host.readFile.bind(host), host.fileExists.bind(host)];
  host.fileExists = (path) => resolve(path) === ADAPTER || fileExists(path);
  host.readFile = (path) => {
    if (resolve(path) === ADAPTER) return source;
    const text = readFile(path);
    return resolve(path) === CHANNEL && text !== undefined ? withTelegram(text) : text;
  };
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) =>
    [ADAPTER, CHANNEL].includes(resolve(path))
      ? ts.createSourceFile(path, host.readFile(path)!, rest[0])
      : getSourceFile(path, ...rest);
  const program = ts.createProgram([ADAPTER], settings, host);
  const file = program.getSourceFile(ADAPTER);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

/** The class of the page, run. */
async function adapterFor(baseUrl: string): Promise<ChannelAdapter> {
  const { outputText } = ts.transpileModule(exampleOf('libs/channels/src/telegram/telegram.adapter.ts'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2024, experimentalDecorators: true },
  });
  const modules: Record<string, unknown> = {
    'node:crypto': await import('node:crypto'),
    '@app/kernel': await import('@app/kernel'),
    '@nestjs/common': await import('@nestjs/common'),
    '../core/channel-adapter': await import('@app/channels'),
  };
  const exported: { TelegramAdapter?: new () => ChannelAdapter } = {};
  const run = compileFunction(outputText, ['require', 'exports']) as (require: unknown, exports: unknown) => void;
  run((name: string) => modules[name], exported);
  const adapter = new exported.TelegramAdapter!();
  return Object.assign(adapter, { baseUrl });
}

describe('the further adapter of docs/channels.md', () => {
  let server: Server;
  let adapter: ChannelAdapter;
  const calls: { url: string; body: Record<string, unknown> }[] = [];
  let answer: { status: number; body: unknown };

  beforeAll(async () => {
    server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        calls.push({ url: request.url ?? '', body });
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    adapter = await adapterFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(() => new Promise((done) => server.close(done)));

  const access = (): ChannelAccess => ({
    ...({} as ChannelAccess),
    credentials: { bot_token: TOKEN, secret_token: SECRET },
  });
  const part = {
    outboxId: 1,
    to: { scopedId: '77', phone: null, name: null },
    threadKey: '',
    kind: 'text' as const,
    content: 'Hello',
  };

  it('compiles with the settings of the project', () => {
    const source = exampleOf('libs/channels/src/telegram/telegram.adapter.ts');
    expect(problemsOf(source)).toEqual([]);
    // And one that leaves something out does not.
    expect(problemsOf(source.replace('async showTurnBegins', 'async showNothing')).join('\n')).toContain(
      'showTurnBegins',
    );
  });

  it('takes what the other system gives, and names what is wrong', () => {
    const credentials = { bot_token: TOKEN, secret_token: SECRET };
    expect(adapter.accept(credentials, SETTINGS)).toEqual({ accountId: '1234567890', credentials });
    expect(() => adapter.accept({ ...credentials, bot_token: 'nonsense' }, SETTINGS)).toThrow('credentials.bot_token');
    expect(() => adapter.accept({ bot_token: TOKEN }, SETTINGS)).toThrow('credentials.secret_token');
    expect(() => adapter.accept({ ...credentials, other: 'x' }, SETTINGS)).toThrow('credentials.other');
  });

  it('knows hooks of its own channel from those of anybody else', () => {
    const isSigned = (secret: string | undefined): boolean | undefined =>
      adapter.hooks?.isSigned(access(), {
        body: Buffer.from('{}'),
        headers: { 'x-telegram-bot-api-secret-token': secret },
      });
    expect([SECRET, `${SECRET}x`, '', undefined].map(isSigned)).toEqual([true, false, false, false]);
  });

  it('understands what people write, and leaves the rest alone', () => {
    const message = { chat: { id: 77, type: 'private', first_name: 'Dana' }, date: 1_795_262_400, text: 'Hi' };
    expect(adapter.parse({ update_id: 5, message })).toMatchObject([
      {
        accountId: null,
        events: [{ kind: 'message', externalId: '5', text: 'Hi', sender: { scopedId: '77' } }],
      },
    ]);
    expect(adapter.parse({ update_id: 6, edited_message: message })).toMatchObject([
      { events: [{ kind: 'other', externalId: '6' }] },
    ]);
    for (const junk of [null, 7, 'x', [], {}, { update_id: 'x' }]) {
      expect(adapter.parse(junk)).toEqual([]);
    }
  });

  it('sends, and says which kind of failure it was', async () => {
    answer = { status: 200, body: { ok: true, result: { message_id: 9 } } };
    expect(await adapter.send(access(), part)).toBe('77:9');
    expect(calls.at(-1)).toEqual({ url: `/bot${TOKEN}/sendMessage`, body: { chat_id: '77', text: 'Hello' } });
    const failures = [
      [{ status: 429, body: { parameters: { retry_after: 3 } } }, 'rate-limited', 3000],
      [{ status: 401, body: {} }, 'refused-credentials', null],
      [{ status: 403, body: {} }, 'unreachable', null],
      [{ status: 400, body: {} }, 'invalid', null],
      [{ status: 502, body: {} }, 'unavailable', null],
    ] as const;
    for (const [given, failure, retryAfterMs] of failures) {
      answer = given;
      const error = await adapter.send(access(), part).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ChannelSendError);
      expect(error).toMatchObject({ failure, retryAfterMs });
      expect((error as Error).message).not.toContain(TOKEN);
    }
    answer = { status: 200, body: { ok: true, result: { username: 'our_bot' } } };
    expect(await adapter.check(access())).toMatchObject({ isWorking: true });
  });
});

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
}
