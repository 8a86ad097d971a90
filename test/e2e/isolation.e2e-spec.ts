import { Client, type Problem } from '../support/client';
import { exampleBody, type Operation, operationsOf } from '../support/openapi';
import { type Parley, startParley } from '../support/parley';
import { aPng } from '../support/pictures';
import { aSession } from '../support/sessions';

/** Routes that need no login. A new one must be added here on purpose. */
const PUBLIC_ROUTES = [
  'DELETE /api/v1/chat/session/{sessionId}',
  'GET /api/v1/chat/history/{sessionId}',
  'GET /api/v1/health',
  'GET /chat/health',
  'GET /health',
  'GET /health/live',
  'GET /health/ready',
  'POST /api/v1/chat/message',
  'POST /api/v1/chat/session',
  'POST /api/v1/chat/session/{sessionId}/end',
  'POST /auth/login',
  'POST /auth/refresh',
  'POST /auth/register',
];

/** What belongs to everybody. A new one must be added here on purpose. */
const COMMON_ROUTES = ['GET /prices/{price_id}'];

describe('who may reach what', () => {
  let parley: Parley;
  let operations: Operation[];
  let alice: Client;
  let mallory: Client;
  const ids: Record<string, number | string> = {};

  beforeAll(async () => {
    parley = await startParley();
    operations = await operationsOf(parley.url);
    // The first account is the instance admin; neither of these two is.
    const price = await (await Client.register(parley.url)).price();
    alice = await Client.register(parley.url);
    mallory = await Client.register(parley.url);
    const personaId = await alice.persona();
    const conversationId = await alice.conversation(personaId);
    const { body } = await alice.send(conversationId, 'a secret');
    const session = await aSession(alice, { persona_id: personaId, goals: ['a secret'] });
    Object.assign(ids, {
      client: session.client_id,
      session: session.id,
      persona: personaId,
      conversation: conversationId,
      experiment: await alice.experiment(personaId),
      message: body.user_message.id,
      turn: body.turn_id,
      upload: await alice.upload(aPng()),
      budget: await alice.budget(),
      price: price.id,
      re_rating: price.re_rating_id,
      workspace: (await alice.request<{ workspace_id: number }>('GET', '/auth/me')).body.workspace_id,
    });
    await alice.request('PUT', `/workspaces/${ids.workspace}/support-door`, {
      persona_id: await alice.persona({ visibility: 'workspace' }),
    });
  });
  afterAll(async () => parley.stop());

  const name = (operation: Operation): string => `${operation.method} ${operation.path}`;

  /** Fills the path with ids of Alice: by the parameter's name, or by the resource before it. */
  function pathWithAlicesIds(operation: Operation): string {
    return operation.path.replace(/(\w+)\/\{(\w+)\}/g, (_match, resource: string, parameter: string) => {
      if (resource === 'versions') return 'versions/1';
      // Nobody knows the id of somebody else's support session; whoever does may talk in it.
      if (parameter === 'sessionId') return `${resource}/ss_${'x'.repeat(32)}`;
      const id = ids[parameter.replace(/_?[iI]d$/, '')] ?? ids[resource.replace(/s$/, '')];
      if (id === undefined) {
        throw new Error(`The test has no id for {${parameter}} of ${name(operation)}: create one in beforeAll.`);
      }
      return `${resource}/${id}`;
    });
  }

  it('the public routes are exactly those that are meant to be', () => {
    expect(
      operations
        .filter((operation) => operation.isPublic)
        .map(name)
        .sort(),
    ).toEqual(PUBLIC_ROUTES);
  });

  it('every other route answers 401 without a login and with a wrong token', async () => {
    const stranger = new Client(() => parley.url);
    for (const operation of operations.filter((candidate) => !candidate.isPublic)) {
      for (const token of ['', 'not-a-token']) {
        stranger.token = token;
        const body = operation.body === null ? undefined : exampleBody(operation.body);
        const answer = await stranger.request<Problem>(operation.method, pathWithAlicesIds(operation), body);
        expect({ route: name(operation), status: answer.status }).toEqual({ route: name(operation), status: 401 });
        expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      }
    }
  });

  it('no route lets one user reach the ids of another', async () => {
    const withIds = operations.filter(
      (operation) => operation.path.includes('{') && !COMMON_ROUTES.includes(name(operation)),
    );
    expect(withIds.length).toBeGreaterThan(8);
    for (const operation of withIds) {
      const body = operation.body === null ? undefined : exampleBody(operation.body);
      const answer = await mallory.request<Problem>(operation.method, pathWithAlicesIds(operation), body);
      expect({ route: name(operation), refused: [403, 404].includes(answer.status) }).toEqual({
        route: name(operation),
        refused: true,
      });
      expect(JSON.stringify(answer.body)).not.toContain('a secret');
    }
    expect(await alice.messages(Number(ids.conversation))).toHaveLength(2);
  });

  it('lists and bodies do not reach them either', async () => {
    const conversations = await mallory.request<{ conversations: unknown[] }>(
      'GET',
      `/chat/conversations?persona_id=${ids.persona}`,
    );
    expect(conversations.body.conversations).toEqual([]);
    const personas = await mallory.request<{ personas: { id: number }[] }>('GET', '/personas');
    expect(personas.body.personas.map((persona) => persona.id)).not.toContain(ids.persona);
    const started = await mallory.request<Problem>('POST', '/chat/conversations', { persona_id: ids.persona });
    expect(started.status).toBe(404);
    const own = await mallory.conversation();
    const moved = await mallory.request<Problem>('PUT', `/chat/conversations/${own}`, { persona_id: ids.persona });
    expect(moved.status).toBe(404);
  });
});
