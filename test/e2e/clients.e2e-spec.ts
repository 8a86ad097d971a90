import { Client as Postgres } from 'pg';
import { type Answer, Client, type Problem } from '../support/client';
import { FakeOpenAI } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { runJob } from '../support/run-job';
import { aClient, aSession, type ClientAnswer, say } from '../support/sessions';

describe('clients', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  /** The first account owns the common workspace; the other two are its members. */
  let owner: Client;
  let coach: Client;
  let colleague: Client;
  let teamId: number;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test-of-clients',
      OPENAI_API: 'responses',
    });
    owner = await Client.register(() => parley.url);
    const me = await owner.request<{ workspaces: { id: number; kind: string }[] }>('GET', '/auth/me');
    teamId = me.body.workspaces.find(({ kind }) => kind !== 'personal')!.id;
    [coach, colleague] = [await Client.register(() => parley.url), await Client.register(() => parley.url)];
    const sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
    for (const { userId } of [coach, colleague]) {
      await sql.query(
        `INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'member') ON CONFLICT DO NOTHING`,
        [teamId, userId],
      );
    }
    await sql.end();
  });
  afterAll(async () => {
    await parley.stop();
    await upstream.stop();
  });

  const list = async (who: Client, query = ''): Promise<string[]> =>
    (await who.request<{ clients: ClientAnswer[] }>('GET', `/clients?${query}`)).body.clients.map(({ name }) => name);

  it('are made, read, changed in part, and keep what is not sent', async () => {
    const made = await aClient(coach, {
      email: 'a@example.com',
      phone: '+1 555 0100',
      metadata: { zeta: 1, alpha: 2 },
    });
    expect(made).toMatchObject({ name: 'Dana Moss', external_id: null, metadata: { zeta: 1, alpha: 2 } });
    const path = `/clients/${made.id}`;
    const changed = await coach.request<ClientAnswer>('PATCH', path, { phone: null, name: 'Dana  M.\n' });
    expect(changed.body).toMatchObject({ name: 'Dana M.', email: 'a@example.com', phone: null });
    const metadata = await coach.request<ClientAnswer>('PATCH', path, { metadata: { b: { c: [1] } } });
    expect(metadata.body.metadata).toEqual({ b: { c: [1] } });
    expect((await coach.request('GET', path)).body).toEqual(metadata.body);
  });

  it('keep every name in their metadata, also those that objects of JavaScript have anyhow', async () => {
    const metadata = '{"constructor":"Ferrari","z":{"prototype":["x"]},"toString":"loud","a":1}';
    const made = await aClient(coach, { metadata: JSON.parse(metadata) as object });
    expect(JSON.stringify(made.metadata)).toBe(metadata);
    const session = await aSession(coach, { client_id: made.id });
    await say(coach, session, 'Hello');
    expect(upstream.requests.at(-1)!.body.instructions).toContain(
      'ADDITIONAL CLIENT INFORMATION:\n- constructor: Ferrari\n- z: {"prototype":["x"]}\n- toString: loud\n- a: 1\n\n',
    );
  });

  it.each([
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(201) }],
    ['email', { email: 'nobody' }],
    ['phone', { phone: 'call me' }],
    ['external_id', { external_id: '' }],
    ['metadata', { metadata: [] }],
    ['metadata', { metadata: { long: 'x'.repeat(1_001) } }],
    ['metadata', { metadata: { ['k'.repeat(101)]: 1 } }],
    ['metadata', { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 1])) }],
    [
      'metadata',
      { metadata: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, 'x'.repeat(900)])) },
    ],
  ])('refuse a wrong %s and name it', async (field, wrong) => {
    const answer = await coach.request<Problem>('POST', '/clients', { name: 'Dana', ...wrong });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });

  it('an external id is there once per workspace, also when it comes twice at once', async () => {
    const answers = await Promise.all(
      [1, 2].map((n) => coach.request<Problem>('POST', '/clients', { name: `N${n}`, external_id: 'crm-1' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('CLIENT.EXTERNAL_ID_TAKEN');
    expect((await colleague.request('POST', '/clients', { name: 'Other', external_id: 'crm-1' })).status).toBe(201);
    const other = await aClient(coach);
    const moved = await coach.request<Problem>('PATCH', `/clients/${other.id}`, { external_id: 'crm-1' });
    expect(moved).toMatchObject({ status: 409, body: { code: 'CLIENT.EXTERNAL_ID_TAKEN' } });
  });

  it('are found by e-mail in any case, external id, and part of name or address, page by page', async () => {
    const me = await Client.register(() => parley.url);
    await aClient(me, { name: 'Zoe 100%', email: 'Zoe@Example.com', external_id: 'z' });
    await aClient(me, { name: 'Yuri', email: 'yuri@example.com' });
    await aClient(me, { name: 'Xaver_zoeller' });
    expect(await list(me)).toEqual(['Xaver_zoeller', 'Yuri', 'Zoe 100%']);
    expect(await list(me, 'email=zoe@example.COM')).toEqual(['Zoe 100%']);
    expect(await list(me, 'email=zoe@example.com&external_id=other')).toEqual([]);
    expect(await list(me, 'external_id=z')).toEqual(['Zoe 100%']);
    expect(await list(me, 'q=ZOE')).toEqual(['Xaver_zoeller', 'Zoe 100%']);
    expect(await list(me, 'q=%25')).toEqual(['Zoe 100%']);
    expect(await list(me, 'q=r_z')).toEqual(['Xaver_zoeller']);
    const page = await me.request<{ next_cursor: string }>('GET', '/clients?limit=2');
    expect(await list(me, `limit=2&cursor=${page.body.next_cursor}`)).toEqual(['Zoe 100%']);
  });

  it('are found by a part of their name among very many, a bounded part of them per page, and none is left out', async () => {
    const me = await Client.register(() => parley.url);
    const { workspace_id: own } = await aClient(me, { name: 'Needle 1' });
    const sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
    const fill = (count: number): Promise<unknown> =>
      sql.query(
        `INSERT INTO clients (workspace_id, name) SELECT $1, 'Hay ' || n FROM generate_series(1, $2::integer) n`,
        [own, count],
      );
    await fill(9_999);
    await aClient(me, { name: 'Needle 2' });
    await fill(9_999);
    await aClient(me, { name: 'Needle 3' });
    await sql.end();
    interface Page {
      clients: ClientAnswer[];
      has_more: boolean;
      next_cursor: string | null;
    }
    const pages: string[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: Answer<Page> = await me.request('GET', `/clients?q=needle${cursor && `&cursor=${cursor}`}`);
      expect(body.has_more).toBe(body.next_cursor !== null);
      pages.push(body.clients.map(({ name }) => name));
      cursor = body.next_cursor;
    }
    expect(pages).toEqual([['Needle 3'], ['Needle 2'], ['Needle 1']]);
    const { body } = await me.request<Page>('GET', '/clients?q=needle&limit=200&external_id=none');
    expect(body).toEqual({ clients: [], has_more: false, next_cursor: null });
  });

  it('are seen by the members of their workspace and by nobody else', async () => {
    const shared = await aClient(coach, { name: 'Shared', workspace_id: teamId });
    const own = await aClient(coach, { name: 'Own' });
    expect(await list(colleague, `workspace_id=${teamId}`)).toContain('Shared');
    expect(await list(colleague)).not.toContain('Own');
    expect((await colleague.request('PATCH', `/clients/${shared.id}`, { phone: '+1 555 0101' })).status).toBe(200);
    for (const [method, body] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as [string, object?][]) {
      const answer = await colleague.request<Problem>(method, `/clients/${own.id}`, body);
      expect(answer).toMatchObject({ status: 404, body: { code: 'CLIENT.NOT_FOUND' } });
    }
    const stranger = await colleague.request<{ workspace_id: number }>('GET', '/auth/me');
    const intruding = await coach.request<Problem>('POST', '/clients', {
      name: 'x',
      workspace_id: stranger.body.workspace_id,
    });
    expect(intruding).toMatchObject({ status: 404, body: { code: 'WORKSPACE.NOT_FOUND' } });
  });

  it('a session is its coach’s alone, also among colleagues', async () => {
    const persona = await coach.persona({ workspace_id: teamId, visibility: 'workspace' });
    const client = await aClient(coach, { workspace_id: teamId });
    const session = await aSession(coach, { persona_id: persona, client_id: client.id });
    expect((await colleague.request('GET', `/sessions/${session.id}`)).status).toBe(404);
    expect((await say(colleague, session, 'Hello')).status).toBe(404);
    expect((await colleague.request('GET', `/chat/conversations/${session.conversation_id}`)).status).toBe(403);
    const listed = await colleague.request<{ sessions: unknown[] }>('GET', `/sessions?client_id=${client.id}`);
    expect(listed.body.sessions).toEqual([]);
  });

  it('erasing one erases its sessions and all that was said, also at the upstream', async () => {
    const persona = await coach.persona({ conversation_state: 'conversation' });
    const client = await aClient(coach);
    const sessions = [
      await aSession(coach, { persona_id: persona, client_id: client.id }),
      await aSession(coach, { persona_id: persona, client_id: client.id }),
    ];
    for (const session of sessions) expect((await say(coach, session, 'Hello')).status).toBe(200);
    await coach.request('POST', `/sessions/${sessions[0]!.id}/end`);
    expect((await coach.request('DELETE', `/clients/${client.id}`)).status).toBe(204);
    expect((await coach.request('DELETE', `/clients/${client.id}`)).status).toBe(404);
    for (const { id, conversation_id } of sessions) {
      expect((await coach.request('GET', `/sessions/${id}`)).status).toBe(404);
      expect((await coach.request('GET', `/chat/conversations/${conversation_id}`)).status).toBe(404);
    }
    await runJob(parley, 'openai-conversations.remove');
    await eventually(
      () => upstream.conversationRequests.filter(({ method }) => method === 'DELETE').length >= 2 || undefined,
      'both copies to be deleted',
    );
  });

  it('one with sessions of colleagues is erased by an owner of the workspace only', async () => {
    const persona = await colleague.persona({ workspace_id: teamId, visibility: 'workspace' });
    const client = await aClient(coach, { workspace_id: teamId });
    const session = await aSession(colleague, { persona_id: persona, client_id: client.id });
    const refused = await coach.request<Problem>('DELETE', `/clients/${client.id}`);
    expect(refused).toMatchObject({ status: 403, body: { code: 'CLIENT.FORBIDDEN' } });
    expect((await colleague.request('GET', `/sessions/${session.id}`)).status).toBe(200);
    expect((await owner.request('DELETE', `/clients/${client.id}`)).status).toBe(204);
    expect((await colleague.request('GET', `/sessions/${session.id}`)).status).toBe(404);
  });
});
