import { connect } from 'node:net';
import { Client as Postgres } from 'pg';
import { Client, type Problem } from '../support/client';
import { exampleBody, type Operation, operationsOf, type Schema } from '../support/openapi';
import { type Parley, startParley } from '../support/parley';
import { aPng } from '../support/pictures';
import { aSession } from '../support/sessions';

/** Values that no field of any route takes. */
const BAD_VALUES: [string, unknown][] = [
  ['an object', { a: 1 }],
  ['a list', [[]]],
  ['a NUL character', 'a\0b'],
  ['half a surrogate pair', 'x\ud800'],
  ['a huge text', 'x'.repeat(200_000)],
  ['a negative number', -1],
  ['a number beyond all ids', 1e300],
];

/** What takes any JSON object, within bounds. */
const FREE_OBJECTS = [
  'PATCH /clients/{client_id} metadata',
  'POST /api/v1/chat/session metadata',
  'POST /clients metadata',
];

/** Ids that are secrets: a wrong one is no more wrong than an unknown one. */
const SECRET_IDS = ['sessionId'];

/** They are signed, and whoever has not signed is told nothing; `channel-hooks.e2e-spec.ts` sends them junk. */
const HOOKS = /^\/webhooks\/(?!\{)[a-z]+/;

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('bad input', () => {
  let parley: Parley;
  let operations: Operation[];
  let user: Client;
  let sql: Postgres;
  const ids: Record<string, number | string> = {};

  beforeAll(async () => {
    parley = await startParley();
    operations = (await operationsOf(parley.url)).filter(({ path }) => !HOOKS.test(path));
    user = await Client.register(parley.url);
    const persona = await user.persona();
    const conversation = await user.conversation(persona);
    const { body } = await user.send(conversation, 'hello');
    // The first account is the instance admin.
    const price = await user.price();
    const me = await user.request<{ workspace_id: number }>('GET', '/auth/me');
    const session = await aSession(user, { persona_id: persona, goals: ['a secret'] });
    Object.assign(ids, {
      client: session.client_id,
      session: session.id,
      persona,
      conversation,
      experiment: await user.experiment(persona),
      message: body.user_message.id,
      turn: body.turn_id,
      workspace: me.body.workspace_id,
      upload: await user.upload(aPng()),
      budget: await user.budget(),
      price: price.id,
      re_rating: price.re_rating_id,
      user: 1,
      // What is asked of them is looked at before they are.
      escalation: 1,
      webhook: 1,
      delivery: 1,
      channel: 1,
      identity: 1,
      inbox: 1,
      outbox: 1,
      file: 1,
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
  });

  const name = (operation: Operation): string => `${operation.method} ${operation.path}`;
  const ownPath = (operation: Operation): string =>
    operation.path.replace(/(\w+)\/\{(\w+)\}/g, (_match, resource: string, parameter: string) =>
      resource === 'versions'
        ? 'versions/1'
        : `${resource}/${ids[parameter.replace(/_?[iI]d$/, '')] ?? ids[resource.replace(/s$/, '')]}`,
    );

  /** Counts of everything that a bad request could leave behind. */
  const rows = async (): Promise<unknown> =>
    (
      await sql.query(
        `SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM personas) AS personas, (SELECT count(*) FROM persona_versions) AS versions,
           (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM messages) AS messages, (SELECT count(*) FROM turns) AS turns,
           (SELECT count(*) FROM persona_experiments) AS experiments, (SELECT count(*) FROM model_calls) AS calls,
           (SELECT count(*) FROM clients) AS clients, (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM escalations) AS escalations,
           (SELECT count(*) FROM escalation_rules) AS rules, (SELECT count(*) FROM support_agents) AS agents, (SELECT count(*) FROM webhook_endpoints) AS webhooks`,
      )
    ).rows[0];

  /** The request must be refused with a problem that names the field. */
  async function expectRefusal(
    operation: Operation,
    path: string,
    body: unknown,
    field: string,
    what: string,
  ): Promise<void> {
    const answer = await user.request<Problem>(operation.method, path, body);
    const said = { route: name(operation), what, status: answer.status, detail: answer.body?.detail };
    expect(said).toEqual({
      ...said,
      status: answer.status === 400 || answer.status === 413 ? answer.status : 422,
      detail: expect.stringContaining(field) as string,
    });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  }

  it('every field of every body refuses wrong values and names itself; nothing is written', async () => {
    const before = await rows();
    let tried = 0;
    for (const operation of operations.filter((candidate) => candidate.body !== null)) {
      const valid = exampleBody(operation.body!);
      for (const field of Object.keys(operation.body!.properties ?? {})) {
        for (const [what, value] of BAD_VALUES) {
          if (what === 'an object' && FREE_OBJECTS.includes(`${name(operation)} ${field}`)) continue;
          await expectRefusal(operation, ownPath(operation), { ...valid, [field]: value }, field, `${field} = ${what}`);
          tried += 1;
        }
      }
      await expectRefusal(
        operation,
        ownPath(operation),
        { ...valid, no_such_field: 1 },
        'no_such_field',
        'an unknown field',
      );
      for (const required of operation.body!.required ?? []) {
        const { [required]: _left, ...rest } = valid;
        await expectRefusal(operation, ownPath(operation), rest, required, `without ${required}`);
      }
    }
    expect(tried).toBeGreaterThan(100);
    expect(await rows()).toEqual(before);
  });

  it('so does every field of the rules of escalation, however deep', async () => {
    const before = await rows();
    const operation = operations.find((candidate) => name(candidate) === 'PUT /escalations/rules')!;
    const tried: string[] = [];
    const tryAll = async (schema: Schema, around: (inner: unknown) => Record<string, unknown>): Promise<void> => {
      const valid = exampleBody(schema);
      for (const [field, property] of Object.entries(schema.properties ?? {})) {
        const within = (value: unknown): Record<string, unknown> => around({ ...valid, [field]: value });
        for (const [what, value] of BAD_VALUES) {
          // Objects of which nothing is required, or with any keys, and lists of texts take something like these.
          if (what === 'an object' && property.type === 'object') continue;
          if (what === 'a negative number' && field === 'threshold') continue;
          await expectRefusal(operation, ownPath(operation), within(value), field, `${field} = ${what}`);
        }
        tried.push(field);
        if (property.properties !== undefined) await tryAll(property, within);
        if (property.items?.properties !== undefined) await tryAll(property.items, (inner) => within([inner]));
      }
      await expectRefusal(operation, ownPath(operation), around({ ...valid, no_such_field: 1 }), 'no_such_field', '+1');
    };
    await tryAll(operation.body!, (body) => body as Record<string, unknown>);
    expect(tried).toEqual(expect.arrayContaining(['threshold', 'turns', 'day', 'holidays', 'by_language', 'hand_off']));
    expect(await rows()).toEqual(before);
  });

  it('every body refuses what is no JSON object, and what is too large or too deep', async () => {
    const before = await rows();
    for (const operation of operations.filter((candidate) => candidate.body !== null)) {
      const path = ownPath(operation);
      await expectRefusal(operation, path, '{"broken', 'body', 'broken JSON');
      await expectRefusal(operation, path, '[]', 'body', 'a list');
      await expectRefusal(operation, path, '"text"', 'body', 'a text');
      await expectRefusal(operation, path, 'null', 'body', 'null');
      await expectRefusal(operation, path, '', 'body', 'nothing');
      await expectRefusal(operation, path, deep(20_000), 'nested deeper', 'deep JSON');
      await expectRefusal(operation, path, '{"__proto__":{"x":1}}', 'body', '__proto__');
    }
    const [first] = operations.filter((candidate) => candidate.body !== null);
    await expectRefusal(first!, ownPath(first!), JSON.stringify({ a: 'x'.repeat(10_000_000) }), 'body', '10 MB');
    expect(await rows()).toEqual(before);
  });

  it('every id in a path must be one', async () => {
    for (const operation of operations.filter((candidate) => candidate.path.includes('{'))) {
      const parameter = /\{(\w+)\}/.exec(operation.path)![1]!;
      if (SECRET_IDS.includes(parameter)) continue;
      const body = operation.body === null ? undefined : exampleBody(operation.body);
      for (const bad of ['0', '-1', '1.5', 'abc', '1e3', '99999999999999999999', '%00', '1%3BDROP']) {
        const path = operation.path.replace(/\{\w+\}/, bad).replaceAll(/\{\w+\}/g, '1');
        await expectRefusal(operation, path, body, parameter, `${parameter} = ${bad}`);
      }
    }
  });

  it('every query parameter refuses wrong values and names itself', async () => {
    for (const operation of operations) {
      const queries = operation.parameters.filter((candidate) => candidate.in === 'query');
      const body = operation.body === null ? undefined : exampleBody(operation.body);
      for (const parameter of queries) {
        const others = queries
          .filter((other) => other.required === true && other !== parameter)
          .map((other) => `&${other.name}=${ids[other.name.replace(/_id$/, '')]}`);
        const isNumber = parameter.schema?.type === 'number' || parameter.schema?.type === 'integer';
        for (const bad of isNumber
          ? ['-1', '1e400', 'abc', '99999999999999999999', '1&' + parameter.name + '=2']
          : ['%00', 'x'.repeat(5000)]) {
          await expectRefusal(
            operation,
            `${ownPath(operation)}?${parameter.name}=${bad}${others.join('')}`,
            body,
            parameter.name,
            `${parameter.name}=${bad.slice(0, 20)}`,
          );
        }
      }
    }
    await expectRefusal(
      operations.find((candidate) => name(candidate) === 'GET /chat/conversations')!,
      '/chat/conversations?nope=1',
      undefined,
      'nope',
      'an unknown parameter',
    );
  });

  it('what is no proper request is refused with a problem document too', async () => {
    for (const [path, status] of [
      ['/%zz', 400],
      [`/personas/${'9'.repeat(300)}`, 414],
    ] as const) {
      const answer = await user.request<Problem>('GET', path);
      expect({ path: path.slice(0, 20), status: answer.status }).toEqual({ path: path.slice(0, 20), status });
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body.detail).toContain('path');
    }
    const port = Number(new URL(parley.url).port);
    const raw = await new Promise<string>((done, failed) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write('THIS IS NOT HTTP\r\n\r\n'));
      socket
        .on('data', (chunk) => (text += chunk.toString()))
        .on('close', () => done(text))
        .on('error', failed);
    });
    expect(raw).toMatch(/^HTTP\/1.1 400 [^]*"detail":"The request is not valid HTTP\."/);
  });

  it('an unknown route is a problem document too', async () => {
    const answer = await user.request<Problem>('GET', '/nothing/here');
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: 'ROUTE.NOT_FOUND' });
  });

  it('a form, which any page can send, is no JSON and makes no account', async () => {
    const answer = await fetch(`${parley.url}/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://evil.example' },
      body: 'username=form@example.com&password=long-enough-password',
    });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ code: 'REQUEST.MEDIA_TYPE' });
    expect((await sql.query(`SELECT 1 FROM users WHERE username = 'form@example.com'`)).rowCount).toBe(0);
  });
});
