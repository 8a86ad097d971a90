import type { Problem } from '../support/client';
import { inconsistencies } from '../support/consistency';
import { scenarios } from '../support/fake-openai';
import { eventually } from '../support/process';
import { runJob } from '../support/run-job';
import { SocketUser } from '../support/socket-user';
import { SupportWorld } from '../support/support-world';
import type { Agent } from '../support/team';
import type { Visitor } from '../support/visitor';

describe('people who are away, and what is none of their business', () => {
  let world: SupportWorld;
  let dana: Agent;
  let kim: Agent;

  beforeAll(async () => {
    world = await SupportWorld.start({
      OPENAI_MAX_RETRIES: '0',
      SEND_WAIT_MS: '15000',
      RATE_LIMIT_SUPPORT_PER_IP: '120',
    });
    ({ dana } = world);
    kim = await world.member();
  });
  afterAll(async () => {
    const broken = await inconsistencies(world.sql);
    await world.stop();
    expect(broken).toEqual([]);
  });
  beforeEach(async () => {
    world.upstream.reset();
    await world.addMember(kim);
    await world.makeAgent(kim);
  });

  const isDraft = ({ body }: { body: unknown }): boolean =>
    JSON.stringify(body).includes('A person of the team takes a conversation over');
  const visit = async (text: string): Promise<{ visitor: Visitor; turnId: number }> => {
    const visitor = await world.visitor();
    return { visitor, turnId: (await visitor.send(text)).body.turnId };
  };
  const claimedByKim = async (): Promise<{ visitor: Visitor; id: number }> => {
    const made = await world.escalated();
    expect((await kim.act(made.id, 'claim')).status).toBe(200);
    return made;
  };

  it('what somebody had who is no agent any more waits for others, and still no model answers', async () => {
    const { visitor, id } = await claimedByKim();
    const gone = await dana.client.request(
      'DELETE',
      `/escalations/agents/${kim.client.userId}?workspace_id=${dana.workspaceId}`,
    );
    expect(gone.status).toBe(204);
    const freed = await dana.get(id);
    expect(freed).toMatchObject({ status: 'open', assigned_to: null, owner: 'human' });
    expect(freed.history.at(-1)).toMatchObject({ kind: 'assigned', actor_id: null, target_id: null });
    expect((await visitor.send('Is anybody there?')).body).toMatchObject({ status: 'handed_off', message: '' });
    expect((await dana.act(id, 'claim')).status).toBe(200);
    expect((await dana.act(id, 'replies', { content: 'I am.' })).status).toBe(201);
    await dana.act(id, 'resolve');
  });

  it('so does what somebody had who has left the workspace', async () => {
    const { id } = await claimedByKim();
    await world.sql.query('DELETE FROM workspace_members WHERE workspace_id = $1 AND user_id = $2', [
      dana.workspaceId,
      kim.client.userId,
    ]);
    await runJob(world.parley, 'escalations.upkeep');
    const freed = await eventually(async () => {
      const now = await dana.get(id);
      return now.status === 'open' ? now : undefined;
    }, 'it to be free');
    expect(freed).toMatchObject({ assigned_to: null, owner: 'human' });
    expect(freed.history.at(-1)).toMatchObject({ kind: 'assigned', actor_id: null, target_id: null });
    await dana.act(id, 'resolve');
  });

  it('whoever talks with a person is not cut off when the persona is deleted; only the AI is gone', async () => {
    const { client } = dana;
    const persona = await client.persona();
    const conversation_id = await client.conversation(persona);
    const { body } = await client.request<{ id: number }>('POST', '/escalations', { conversation_id });
    expect((await dana.act(body.id, 'claim')).status).toBe(200);
    expect((await client.request('DELETE', `/personas/${persona}`)).status).toBe(204);
    const sent = await client.send(conversation_id, 'Is anybody there?');
    expect(sent).toMatchObject({ status: 200, body: { assistant_message: null } });
    const turn = await client.request('GET', `/chat/turns/${sent.body.turn_id}`);
    expect(turn.body).toMatchObject({ status: 'handed_off' });
    expect((await dana.act(body.id, 'replies', { content: 'I am.' })).status).toBe(201);
    expect((await dana.messages(body.id)).slice(-2)).toEqual(['user: Is anybody there?', 'agent: I am.']);
    expect((await dana.act(body.id, 'return')).status).toBe(200);
    expect(await client.send(conversation_id, 'And now?')).toMatchObject({
      status: 409,
      body: { code: 'PERSONA.DELETED' },
    });
  });

  it('an owner takes over, or ends, what somebody has who does not come; other agents do not', async () => {
    const [one, other] = [await claimedByKim(), await claimedByKim()];
    expect(await dana.act(one.id, 'transfer', { user_id: dana.client.userId })).toMatchObject({
      status: 200,
      body: { status: 'claimed', assigned_to: dana.client.userId },
    });
    expect((await dana.act(one.id, 'replies', { content: 'Now it is me.' })).status).toBe(201);
    for (const action of ['transfer', 'resolve', 'return']) {
      expect((await kim.act<Problem>(one.id, action)).body.code).toBe('ESCALATION.NOT_YOURS');
    }
    expect(await dana.act(other.id, 'resolve')).toMatchObject({
      status: 200,
      body: { status: 'resolved', owner: 'ai' },
    });
    await dana.act(one.id, 'resolve');
  });

  it('where models are silent while people are waited for, they are from the moment at which somebody asks for a person', async () => {
    const rules = { while_waiting: 'silent' };
    const path = `/escalations/rules?workspace_id=${dana.workspaceId}`;
    expect((await dana.client.request('PUT', path, rules)).status).toBe(200);
    const { visitor, turnId } = await visit('Good morning');
    const { rows } = await world.sql.query<{ id: string }>('SELECT conversation_id AS id FROM turns WHERE id = $1', [
      turnId,
    ]);
    const asked = await dana.client.request<{ id: number; owner: string }>('POST', '/escalations', {
      conversation_id: Number(rows[0]!.id),
    });
    expect(asked).toMatchObject({ status: 201, body: { status: 'open', owner: 'human' } });
    expect((await visitor.send('And now?')).body).toMatchObject({ status: 'handed_off', message: '' });
    expect((await dana.client.request('DELETE', path)).status).toBe(204);
    await dana.act(asked.body.id, 'return');
  });

  it('what a customer tells the AI after the end is not shown to the team', async () => {
    const { visitor, id } = await world.escalated();
    await dana.act(id, 'claim');
    await dana.act(id, 'replies', { content: 'Done.' });
    await dana.act(id, 'return');
    const during = await dana.messages(id);
    expect(during.slice(-2)).toEqual(['agent: Done.', 'system: The AI assistant answers here again.']);
    await visitor.send('Something else, for your ears only');
    expect(await dana.messages(id)).toEqual(during);
    const later = await dana.client.request<{ messages: object[]; has_more: boolean }>(
      'GET',
      `/escalations/${id}/messages?after_seq=${during.length}&limit=1`,
    );
    expect(later.body).toMatchObject({ messages: [], has_more: false });
    const page = await dana.client.request<{ messages: { seq: number }[]; has_more: boolean }>(
      'GET',
      `/escalations/${id}/messages?after_seq=${during.length - 2}&limit=1`,
    );
    expect(page.body).toMatchObject({ messages: [{ seq: during.length - 1 }], has_more: true });
  });

  it.each<[what: string, act: (id: number) => Promise<{ status: number }>]>([
    ['notes', (id) => dana.act(id, 'notes', { content: 'Called.' })],
    ['tags', (id) => dana.client.request('PUT', `/escalations/${id}/tags`, { tags: ['vip'] })],
  ])('%s of what the customer erases at that moment find nothing', async (_what, act) => {
    const { id } = await world.escalated();
    await world.sql.query('BEGIN');
    const { rows } = await world.sql.query<{ customer: string }>(
      'DELETE FROM conversations WHERE id = (SELECT conversation_id FROM escalations WHERE id = $1) RETURNING user_id AS customer',
      [id],
    );
    const acting = act(id);
    try {
      await eventually(async () => {
        const { rowCount } = await world.sql.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ 'escalation'`,
        );
        return rowCount === 0 ? undefined : true;
      }, 'it to wait for the erasure');
    } finally {
      await world.sql.query('DELETE FROM users WHERE id = $1', [rows[0]!.customer]);
      await world.sql.query('COMMIT');
    }
    expect((await acting).status).toBe(404);
  });

  it('a draft that is asked for again knows what people have said meanwhile, and says up to where it has read', async () => {
    const { visitor, id } = await claimedByKim();
    await visitor.send('Where is my parcel?');
    await kim.act(id, 'replies', { content: 'It was sent on Monday.' });
    world.upstream.reset();
    world.upstream.alwaysFor(isDraft, scenarios.reply('Parcel.\n===REPLY===\nIt comes tomorrow.'));
    await dana.act(id, 'draft');
    const drafted = await eventually(async () => {
      const now = await dana.get(id);
      return now.summary === 'Parcel.' ? now : undefined;
    }, 'the draft');
    expect(drafted.draft_through_seq).toBe(drafted.last_seq);
    const asked = JSON.stringify(world.upstream.requests.find(isDraft)!.body);
    expect(asked).toContain('Customer: Where is my parcel?\\nTeam: It was sent on Monday.');
    await dana.act(id, 'resolve');
  });

  it('every escalation gets its draft, however many begin at once, and news of drafts say how it is now', async () => {
    const socket = await SocketUser.connect(world.parley.url, { token: dana.client.token });
    await socket.ask('set-presence', { workspaceId: dana.workspaceId, isOnline: true });
    world.upstream.alwaysFor(
      isDraft,
      scenarios.reply(undefined, {
        pieces: ['Money.', '\n===REPLY===\n', 'We ', 'are ', 'on it.'],
        tokenDelayMs: 1500,
      }),
    );
    const first = world.escalated().then(async (begun) => {
      await dana.act(begun.id, 'claim');
      return begun;
    });
    const made = await Promise.all([first, ...Array.from({ length: 5 }, () => world.escalated())]);
    for (const { id } of made) {
      await eventually(async () => ((await dana.get(id)).summary === null ? undefined : true), `the draft of ${id}`);
    }
    const statuses = (): string[] =>
      socket
        .of<{ escalationId: number; status: string }>('escalation-changed')
        .filter(({ escalationId }) => escalationId === made[0].id)
        .map(({ status }) => status);
    await socket.until(() => statuses().filter((status) => status === 'claimed').length > 1);
    expect(statuses().slice(statuses().indexOf('claimed'))).not.toContain('open');
    socket.close();
    for (const { id } of made) await dana.act(id, 'resolve');
  });

  it('a rating that is said again and again is told once', async () => {
    const { visitor, id } = await world.escalated();
    await dana.act(id, 'claim');
    await dana.act(id, 'resolve');
    await world.sql.query('UPDATE escalations SET csat_asked_at = now() WHERE id = $1', [id]);
    const hook = await dana.client.request<{ id: number }>('POST', '/webhooks', {
      workspace_id: dana.workspaceId,
      url: 'https://127.0.0.1.nip.example/',
      events: ['escalation.rated'],
    });
    expect(hook.status).toBe(201);
    const rate = async (rating: number): Promise<number> =>
      (await visitor.request('PUT', `/session/${visitor.sessionId}/rating`, { rating })).status;
    for (const rating of [4, 4, 4, 2]) expect(await rate(rating)).toBe(200);
    expect((await dana.get(id)).history.filter(({ kind }) => kind === 'rated')).toHaveLength(1);
    const { rows } = await world.sql.query<{ rating: number }>(
      `SELECT (payload -> 'data' ->> 'csat_rating')::int AS rating FROM webhook_deliveries WHERE endpoint_id = $1 ORDER BY id`,
      [hook.body.id],
    );
    expect(rows.map(({ rating }) => rating)).toEqual([4, 2]);
    await dana.client.request('DELETE', `/webhooks/${hook.body.id}`);
    const many = await Promise.all(Array.from({ length: 130 }, (_, index) => rate((index % 5) + 1)));
    expect(many).toContain(429);
  });
});
