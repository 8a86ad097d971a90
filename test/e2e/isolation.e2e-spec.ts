import { Client as Postgres } from 'pg';
import { Client, type Problem } from '../support/client';
import { exampleBody, type Operation, operationsOf } from '../support/openapi';
import { type Parley, startParley } from '../support/parley';
import { aPng } from '../support/pictures';
import { aSession } from '../support/sessions';

/** Routes that need no login. A new one must be added here on purpose. */
const PUBLIC_ROUTES = [
  'DELETE /api/v1/chat/session/{sessionId}',
  'GET /api/v1/chat/history/{sessionId}',
  'GET /api/v1/chat/session/{sessionId}/rating',
  'GET /api/v1/health',
  'GET /chat/health',
  'GET /health',
  'GET /health/live',
  'GET /health/ready',
  'GET /webhooks/instagram',
  'GET /webhooks/instagram/{channel_id}',
  'GET /webhooks/whatsapp',
  'GET /webhooks/whatsapp/{channel_id}',
  'POST /api/v1/chat/message',
  'POST /api/v1/chat/session',
  'POST /api/v1/chat/session/{sessionId}/end',
  'POST /auth/login',
  'POST /auth/refresh',
  'POST /auth/register',
  'POST /webhooks/instagram',
  'POST /webhooks/instagram/{channel_id}',
  'POST /webhooks/mattermost/command',
  'POST /webhooks/mattermost/outgoing',
  'POST /webhooks/mattermost/{channel_id}/command',
  'POST /webhooks/mattermost/{channel_id}/outgoing',
  'POST /webhooks/whatsapp',
  'POST /webhooks/whatsapp/{channel_id}',
  'PUT /api/v1/chat/session/{sessionId}/rating',
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
    const webhook = await alice.request<{ id: number }>('POST', '/webhooks', {
      workspace_id: ids.workspace,
      url: 'https://example.com/hook',
      events: ['escalation.created'],
    });
    const channel = await alice.request<{ id: number }>('POST', '/channels', {
      type: 'whatsapp',
      name: 'a secret',
      persona_id: await alice.persona({ visibility: 'workspace' }),
      credentials: {
        phone_number_id: '106540352242922',
        access_token: 'EAAG0123456789abcdefghij',
        app_secret: 'f'.repeat(32),
        verify_token: 'a-verify-token',
      },
    });
    const asked = await alice.request<{ id: number }>('POST', '/escalations', {
      conversation_id: await alice.conversation(personaId),
      reason: 'a secret',
    });
    await alice.request('POST', `/escalations/${asked.body.id}/notes`, { content: 'a secret' });
    await alice.request('PUT', `/escalations/rules?workspace_id=${ids.workspace}`, {
      keywords: { words: ['a secret'] },
    });
    const told = await alice.request<{ deliveries: { id: number }[] }>(
      'GET',
      `/webhooks/${webhook.body.id}/deliveries`,
    );
    Object.assign(ids, {
      channel: channel.body.id,
      identity: 1,
      inbox: 1,
      outbox: 1,
      file: 1,
      escalation: asked.body.id,
      webhook: webhook.body.id,
      delivery: told.body.deliveries[0]!.id,
      user: alice.userId,
      agent: alice.userId,
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
      // A hook without the signature of the channel is nobody's.
      const refusals = operation.isPublic ? [401, 403, 404] : [403, 404];
      expect({ route: name(operation), refused: refusals.includes(answer.status) }).toEqual({
        route: name(operation),
        refused: true,
      });
      expect(JSON.stringify(answer.body)).not.toContain('a secret');
    }
    expect(await alice.messages(Number(ids.conversation))).toHaveLength(2);
  });

  it('no query and no body reaches the workspace, the persona or the conversation of another', async () => {
    const scoped = ['workspace_id', 'persona_id', 'conversation_id', 'user_id'];
    const mine = await mallory.request<{ workspace_id: number; id: number }>('GET', '/auth/me');
    const reached: string[] = [];
    for (const operation of operations.filter(({ path }) => /^\/(?:escalations|webhooks)/.test(path))) {
      const path = operation.path.replace('{user_id}', String(mine.body.id));
      // The others are reached by an id of their own, above.
      if (path.includes('{')) continue;
      for (const name of scoped) {
        const inQuery = operation.parameters.some((parameter) => parameter.in === 'query' && parameter.name === name);
        const inBody = operation.body?.properties?.[name] !== undefined;
        if (!inQuery && !inBody) continue;
        const query = operation.parameters.some(({ name: other, required }) => other === 'workspace_id' && required)
          ? `workspace_id=${name === 'workspace_id' ? ids.workspace : mine.body.workspace_id}`
          : inQuery
            ? `${name}=${ids[name.slice(0, -3)]}`
            : '';
        const body =
          operation.body === null
            ? undefined
            : {
                ...exampleBody(operation.body),
                ...(operation.body.properties?.workspace_id === undefined
                  ? {}
                  : { workspace_id: mine.body.workspace_id }),
                ...(inBody ? { [name]: ids[name.slice(0, -3)] } : {}),
              };
        const answer = await mallory.request<Problem>(operation.method, `${path}?${query}`, body);
        const what = `${operation.method} ${operation.path} with ${name}`;
        reached.push(what);
        // A filter of one's own list finds nothing. A persona of others is like one that nobody has: the field is wrong.
        const isEmptyList = answer.status === 200 && operation.method === 'GET' && name === 'conversation_id';
        const isUnknown = answer.status === 422 && name === 'persona_id' && answer.body.detail.includes('persona_id');
        const refused = isEmptyList || isUnknown || [403, 404].includes(answer.status);
        expect({ what, refused, status: answer.status }).toEqual({ what, refused: true, status: answer.status });
        expect(JSON.stringify(answer.body ?? '')).not.toContain('a secret');
      }
    }
    expect(reached.length).toBeGreaterThan(12);
  });

  it('a member of the workspace who is no agent sees nothing of it; an agent sees what is handed over, and no more', async () => {
    const member = await Client.register(parley.url);
    const sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
    await sql.query(`INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'member')`, [
      ids.workspace,
      member.userId,
    ]);
    await sql.end();
    const workspace = `workspace_id=${ids.workspace}`;
    const forOwners: [string, string, unknown?][] = [
      ['GET', `/webhooks?${workspace}`],
      ['GET', `/webhooks/${ids.webhook}`],
      ['GET', `/webhooks/${ids.webhook}/deliveries`],
      ['POST', `/webhooks/${ids.webhook}/secret`],
      ['DELETE', `/webhooks/${ids.webhook}`],
      ['GET', `/escalations/rules?${workspace}`],
      ['PUT', `/escalations/rules?${workspace}`, {}],
      ['DELETE', `/escalations/rules?${workspace}`],
      ['POST', '/escalations/rules/backtest', { workspace_id: ids.workspace }],
      ['PUT', `/escalations/agents/${alice.userId}`, { workspace_id: ids.workspace }],
      ['DELETE', `/escalations/agents/${alice.userId}?${workspace}`],
      ['GET', `/chat/conversations/${ids.conversation}`],
    ];
    const forTeam: [string, string][] = [
      ['GET', `/escalations?${workspace}`],
      ['GET', `/escalations/agents?${workspace}`],
      ['GET', `/escalations/${ids.escalation}`],
      ['GET', `/escalations/${ids.escalation}/messages`],
    ];
    const statusOf = async (method: string, path: string, body?: unknown): Promise<string> =>
      `${method} ${path} ${(await member.request(method, path, body)).status}`;
    const refusals = async (requests: [string, string, unknown?][]): Promise<string[]> => {
      const answers = await Promise.all(requests.map((request) => statusOf(...request)));
      return answers.filter((answer) => !/ 40[34]$/.test(answer));
    };
    expect(await refusals([...forOwners, ...forTeam])).toEqual([]);
    expect(await statusOf('PUT', '/escalations/agents/me', { workspace_id: ids.workspace })).toMatch(/ 403$/);
    const made = await alice.request('PUT', `/escalations/agents/${member.userId}`, { workspace_id: ids.workspace });
    expect(made.status).toBe(200);
    for (const request of forTeam) expect(await statusOf(...request)).toMatch(/ 200$/);
    expect(await refusals(forOwners)).toEqual([]);
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
