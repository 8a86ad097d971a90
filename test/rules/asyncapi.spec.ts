import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Ajv from 'ajv';
import * as ts from 'typescript';
import { parse } from 'yaml';

interface Ref {
  $ref: string;
}
interface Operation {
  action: 'send' | 'receive';
  channel: Ref;
  title: string;
  messages: Ref[];
  reply?: { channel: Ref; messages: Ref[] };
}
interface AsyncApi {
  asyncapi: string;
  info: { title: string; version: string };
  servers: Record<string, { host: string; protocol: string }>;
  channels: Record<string, { messages: Record<string, { name: string; payload: object }> }>;
  operations: Record<string, Operation>;
  components: {
    schemas: Record<
      string,
      { properties?: Record<string, unknown>; required?: string[]; anyOf?: { const?: string; description: string }[] }
    >;
  };
}

const ROOT = resolve(__dirname, '../..');
const EVENTS = join(ROOT, 'libs/contracts/src/socket-events.ts');

/** Names of the events in one of the two maps, as the compiler sees them. */
function eventsOf(map: string): string[] {
  const program = ts.createProgram([EVENTS], { noLib: true });
  const source = program.getSourceFile(EVENTS)!;
  const exported = program.getTypeChecker().getExportsOfModule(program.getTypeChecker().getSymbolAtLocation(source)!);
  const found = exported.find(({ name }) => name === map)!;
  return program
    .getTypeChecker()
    .getDeclaredTypeOfSymbol(found)
    .getProperties()
    .map(({ name }) => name);
}

describe('docs/asyncapi.yaml', () => {
  const document = parse(readFileSync(join(ROOT, 'docs/asyncapi.yaml'), 'utf8')) as AsyncApi;
  const at = (ref: string): unknown =>
    ref
      .slice(2)
      .split('/')
      .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
  const operations = (action: Operation['action']): Operation[] =>
    Object.values(document.operations).filter((operation) => operation.action === action);

  it('is what the event map says', () => {
    const said = execFileSync(process.execPath, ['scripts/asyncapi.mjs', '--check'], { cwd: ROOT, encoding: 'utf8' });
    expect(said).toContain('up to date');
  });

  it('has every event of both directions, and no others', () => {
    const titles = (action: Operation['action']) => operations(action).map(({ title }) => title);
    expect(titles('receive')).toEqual(eventsOf('ClientToServerEvents'));
    expect(titles('send')).toEqual(eventsOf('ServerToClientEvents'));
  });

  it('tells the acknowledgement of every event of a client, with its error', () => {
    for (const operation of operations('receive')) {
      const { payload } = at(operation.reply!.messages[0]!.$ref) as { payload: { oneOf: object[] } };
      expect(payload.oneOf).toHaveLength(2);
      expect(JSON.stringify(payload.oneOf[1])).toContain('#/components/schemas/SocketError');
    }
    const ofJoin = at('#/channels/events/messages/ack.join-chat') as { payload: object };
    expect(JSON.stringify(ofJoin.payload)).toContain('#/components/schemas/ChatJoined');
  });

  it('names every code that the socket door itself refuses with, and says why', () => {
    const sources = globSync('libs/realtime/src/**/*.ts', { cwd: ROOT }).map((file) =>
      readFileSync(join(ROOT, file), 'utf8'),
    );
    const made = sources.flatMap((text) => [...text.matchAll(/new AppError\(\s*'([^']+)'/g)].map(([, code]) => code!));
    expect(sources.join('').match(/new AppError\(/g)).toHaveLength(made.length);
    const published = document.components.schemas.SocketErrorCode!.anyOf!.filter((each) => each.const !== undefined);
    expect(published.map((each) => each.const).sort()).toEqual([...new Set(made)].sort());
    for (const { description } of published) expect(description).toMatch(/^.{20,}\.$/);
    expect(document.components.schemas.SocketError!.properties!.code).toEqual({
      $ref: '#/components/schemas/SocketErrorCode',
    });
  });

  it('refers only to what is there', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref!);
    expect(refs.length).toBeGreaterThan(50);
    for (const ref of refs) expect([ref, typeof at(ref)]).toEqual([ref, 'object']);
    for (const operation of Object.values(document.operations)) {
      for (const { $ref } of [...operation.messages, ...(operation.reply?.messages ?? [])]) {
        expect($ref.startsWith(`${operation.channel.$ref}/messages/`)).toBe(true);
      }
    }
  });

  it('its payloads are schemas that tell a good message from a bad one', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'asyncapi', components: document.components });
    const compiled = (ref: string) => ajv.compile({ $ref: `asyncapi${ref}` });
    for (const name of Object.keys(document.components.schemas)) compiled(`#/components/schemas/${name}`);
    const isCancel = compiled('#/components/schemas/CancelTurnPayload');
    expect(isCancel({ sessionId: 's', turnId: 3 })).toBe(true);
    expect(isCancel({ sessionId: 's' })).toBe(false);
    expect(isCancel({ turnId: 1.5 })).toBe(false);
    const isError = compiled('#/components/schemas/SocketError');
    for (const code of ['SOCKET.NOT_JOINED', 'RATE_LIMITED', 'BUDGET.EXCEEDED']) {
      expect(isError({ code, detail: 'No.' })).toBe(true);
    }
    expect(isError({ code: 'something', detail: 'No.' })).toBe(false);
  });

  it('is an AsyncAPI 3.0 document with a server and a description of each type of the map', () => {
    expect(document.asyncapi).toBe('3.0.0');
    const official = JSON.parse(
      readFileSync(join(ROOT, 'node_modules/@asyncapi/specs/schemas/3.0.0.json'), 'utf8'),
    ) as object;
    // It brings its own copy of JSON Schema.
    const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
    const isAsyncApi = ajv.compile(official);
    expect([isAsyncApi(document), ajv.errorsText(isAsyncApi.errors)]).toEqual([true, 'No errors']);
    expect(isAsyncApi({ ...document, operations: { broken: { action: 'shout' } } })).toBe(false);
    expect(document.info).toMatchObject({ title: expect.any(String) as string, version: expect.any(String) as string });
    expect(Object.values(document.servers)).toEqual([expect.objectContaining({ protocol: 'ws' })]);
    expect(document.components.schemas.SocketMessage!.required).toContain('seq');
  });
});
