import { Client } from '../support/client';
import { somebodyWaits } from '../support/meanwhile';
import { eventually } from '../support/process';
import { runJob } from '../support/run-job';
import { SupportWorld } from '../support/support-world';
import { Agent, type EscalationView } from '../support/team';

describe('what waits is given to people', () => {
  let world: SupportWorld;
  /** Of the two api processes. */
  let urls: string[];
  let owner: Client;
  let workspaceId: number;
  let dana: Agent;
  let kim: Agent;
  let lee: Agent;

  beforeAll(async () => {
    world = await SupportWorld.start({ ESCALATION_DRAFTS: 'false' });
    urls = [world.parley.url];
    await world.parley.startApi();
    urls.push(world.parley.url);
  });
  afterAll(() => world.stop());
  /** A workspace of its own for every test, with two agents who are not there yet. */
  beforeEach(async () => {
    owner = await Client.register(() => urls[0]!);
    workspaceId = (await owner.request<{ workspace_id: number }>('GET', '/auth/me')).body.workspace_id;
    dana = new Agent(owner, workspaceId);
    kim = await anAgent(['billing']);
    lee = await anAgent(['billing', 'tech']);
  });

  const anAgent = async (skills: string[]): Promise<Agent> => {
    const agent = new Agent(await Client.register(() => urls[1]!), workspaceId);
    await world.addMember(agent);
    const made = await owner.request('PUT', `/escalations/agents/${agent.client.userId}`, {
      workspace_id: workspaceId,
      skills,
    });
    expect(made.status).toBe(200);
    return agent;
  };
  /** Asked for through one of the api processes, by the owner in a conversation of theirs. */
  const ask = async (api = 0, conversation?: number): Promise<number> => {
    const conversation_id = conversation ?? (await owner.conversation());
    const response = await fetch(`${urls[api]!}/escalations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ conversation_id }),
    });
    expect(response.status).toBe(201);
    return ((await response.json()) as EscalationView).id;
  };
  const has = async (agent: Agent, status = 'open'): Promise<number[]> =>
    (await dana.list(`&assigned_to=${agent.client.userId}&status=${status}&limit=200`))
      .map(({ id }) => id)
      .sort((a, b) => a - b);
  const assigneeOf = async (id: number): Promise<number | null> => (await dana.get(id)).assigned_to;

  it('to whoever has the skill, and of these to whoever has least; without the skill it waits', async () => {
    await dana.rules({ skill: 'tech' });
    await kim.me({ is_available: true });
    const first = await ask();
    expect(await assigneeOf(first)).toBeNull();
    await lee.me({ is_available: true });
    expect(await assigneeOf(first)).toBe(lee.client.userId);
    await dana.rules({ skill: 'billing' });
    // Both know billing, and Lee has one already.
    expect(await assigneeOf(await ask())).toBe(kim.client.userId);
    const { history } = await dana.get(first);
    expect(history.map(({ kind, target_id: target }) => [kind, target])).toEqual([
      ['created', null],
      ['assigned', lee.client.userId],
    ]);
    // Handed on to those who know something else.
    await lee.act(first, 'claim');
    await lee.act(first, 'transfer', { skill: 'billing' });
    expect(await dana.get(first)).toMatchObject({ status: 'open', owner: 'human', skill: 'billing' });
    expect(await assigneeOf(first)).toBe(kim.client.userId);
  });

  it.each<[who: string, by: () => Agent]>([
    ['by whoever has it', () => kim],
    ['by an owner', () => dana],
  ])('what is given back to the queue %s goes to somebody else, though they have no less', async (_who, by) => {
    await kim.me({ is_available: true });
    await lee.me({ is_available: true });
    const [ofKim, ofLee] = [await ask(), await ask()];
    expect([await has(kim), await has(lee)]).toEqual([[ofKim], [ofLee]]);
    await kim.act(ofKim, 'claim');
    expect((await by().act(ofKim, 'transfer')).status).toBe(200);
    expect([await has(kim), await has(lee)]).toEqual([[], [ofKim, ofLee]]);
    await lee.me({ is_available: false });
    expect(await has(kim)).toEqual([ofLee]);
    expect(await dana.get(ofKim)).toMatchObject({ status: 'open', owner: 'human', assigned_to: null });
    // Once somebody has taken it, it is like any other.
    expect((await lee.act(ofKim, 'claim')).status).toBe(200);
    await owner.request('DELETE', `/escalations/agents/${lee.client.userId}?workspace_id=${workspaceId}`);
    expect(await has(kim)).toEqual([ofKim, ofLee]);
  });

  it('what the only one who is there gives back waits in the queue for somebody else, or until they take it by hand', async () => {
    await kim.me({ is_available: true });
    const [id, other] = [await ask(), await ask()];
    for (const each of [id, other]) {
      await kim.act(each, 'claim');
      await kim.act(each, 'transfer');
      expect(await dana.get(each)).toMatchObject({ status: 'open', owner: 'human', assigned_to: null });
    }
    expect((await kim.act(other, 'claim')).status).toBe(200);
    await lee.me({ is_available: true });
    expect(await assigneeOf(id)).toBe(lee.client.userId);
  });

  it('nobody is to answer themselves: what an agent asks for goes to another one', async () => {
    await kim.me({ is_available: true });
    const conversation_id = await kim.client.conversation(await owner.persona({ visibility: 'workspace' }));
    const { status, body } = await kim.client.request<EscalationView>('POST', '/escalations', { conversation_id });
    expect(status).toBe(201);
    expect(await assigneeOf(body.id)).toBeNull();
    await lee.me({ is_available: true });
    expect(await assigneeOf(body.id)).toBe(lee.client.userId);
  });

  it('the most urgent first, then the oldest, and not more than there is room for', async () => {
    const ids = [await ask(), await ask(), await ask(), await ask()];
    await world.sql.query('UPDATE escalations SET priority = 3 WHERE id = $1', [ids[2]]);
    await kim.me({ is_available: true, capacity: 2 });
    expect(await has(kim)).toEqual([ids[0], ids[2]]);
    expect((await kim.act(ids[2]!, 'claim')).status).toBe(200);
    // Taken counts as much as waiting; more can be taken by hand.
    expect(await assigneeOf(ids[1]!)).toBeNull();
    expect((await kim.act(ids[1]!, 'claim')).status).toBe(200);
    await kim.act(ids[1]!, 'resolve');
    expect(await assigneeOf(ids[3]!)).toBeNull();
    await kim.act(ids[2]!, 'resolve');
    expect(await has(kim)).toEqual([ids[0], ids[3]]);
  });

  it('never more than there is room for, with two api processes at once', async () => {
    const room = new Map([
      [kim, 3],
      [lee, 4],
    ]);
    await world.sql.query(`
      CREATE TABLE IF NOT EXISTS seen_loads (user_id bigint, load integer);
      TRUNCATE seen_loads;
      CREATE OR REPLACE FUNCTION see_load() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO seen_loads SELECT NEW.assigned_to, count(*) FROM escalations WHERE assigned_to = NEW.assigned_to AND status IN ('open', 'claimed');
        RETURN NULL; END $$;
      CREATE OR REPLACE TRIGGER see_load AFTER UPDATE OF assigned_to ON escalations FOR EACH ROW WHEN (NEW.assigned_to IS NOT NULL) EXECUTE FUNCTION see_load();
    `);
    const persona = await owner.persona();
    const conversations = await Promise.all(Array.from({ length: 30 }, () => owner.conversation(persona)));
    await Promise.all([...room].map(([agent, capacity]) => agent.me({ is_available: true, capacity })));
    const ids = await Promise.all(conversations.map((conversation, index) => ask(index % 2, conversation)));
    const settled = async (left: number): Promise<void> =>
      void (await eventually(async () => {
        const loads = await Promise.all([...room.keys()].map(async (agent) => (await has(agent)).length));
        return loads[0]! + loads[1]! === Math.min(7, left) ? loads : undefined;
      }, 'everybody to have what they can take'));
    await settled(30);
    expect([(await has(kim)).length, (await has(lee)).length]).toEqual([3, 4]);
    // Room becomes free in both processes at once, again and again.
    for (let left = ids.length; left > 0;) {
      const [ofKim, ofLee] = [await has(kim), await has(lee)];
      const ended = await Promise.all([...ofKim, ...ofLee].map((id) => owner.request('GET', `/escalations/${id}`)));
      expect(ended.every(({ status }) => status === 200)).toBe(true);
      await Promise.all([
        ...ofKim.map((id) => kim.act(id, 'resolve')),
        ...ofLee.map((id) => new Agent(lee.client, workspaceId).act(id, 'resolve')),
      ]);
      left -= ofKim.length + ofLee.length;
      await settled(left);
    }
    const { rows } = await world.sql.query<{ user_id: string; most: number }>(
      'SELECT user_id, max(load)::int AS most FROM seen_loads GROUP BY 1 ORDER BY 1',
    );
    expect(rows.map(({ user_id: id, most }) => [Number(id), most])).toEqual([
      [kim.client.userId, 3],
      [lee.client.userId, 4],
    ]);
    const { rows: times } = await world.sql.query(
      `SELECT 1 FROM escalation_events WHERE kind = 'assigned' AND escalation_id = ANY ($1) GROUP BY escalation_id HAVING count(*) <> 1`,
      [ids],
    );
    expect(times).toEqual([]);
  });

  it('what somebody has let lapse goes to others who can take it, and back to them only where there is nobody', async () => {
    await kim.me({ is_available: true });
    await lee.me({ is_available: true, capacity: 0 });
    const [id, alone] = [await ask(), await ask()];
    expect(await has(kim)).toEqual([id, alone]);
    const lapse = async (each: number): Promise<void> => {
      await world.sql.query(`UPDATE escalations SET due_at = now() - interval '1 second' WHERE id = $1`, [each]);
      await runJob(world.parley, 'escalations.upkeep');
      await eventually(async () => {
        const { overdue_at: since, assigned_to: to } = await dana.get(each);
        return since === null || to === null ? undefined : to;
      }, 'it to be overdue and given to somebody');
    };
    await lapse(alone);
    expect(await assigneeOf(alone)).toBe(kim.client.userId);
    // Lee has more than Kim, and yet the other one is to have it.
    await lee.me({ capacity: 5 });
    const more = [await ask(), await ask()];
    expect(await has(lee)).toEqual(more);
    await lapse(id);
    expect(await assigneeOf(id)).toBe(lee.client.userId);
    expect((await dana.get(id)).history.map(({ kind, target_id: target }) => [kind, target])).toEqual([
      ['created', null],
      ['assigned', kim.client.userId],
      ['overdue', kim.client.userId],
      ['assigned', lee.client.userId],
    ]);
    await lee.me({ is_available: false });
    expect(await assigneeOf(id)).toBe(kim.client.userId);
  });

  it('whoever goes away gives back what they have not taken, and keeps what they have', async () => {
    await kim.me({ is_available: true });
    const [taken, first, second] = [await ask(), await ask(), await ask()];
    await kim.act(taken, 'claim');
    expect(await has(kim)).toEqual([first, second]);
    await lee.me({ is_available: true, capacity: 1 });
    await kim.me({ is_available: false });
    expect(await has(kim)).toEqual([]);
    expect(await has(kim, 'claimed')).toEqual([taken]);
    expect(await has(lee)).toEqual([first]);
    expect(await assigneeOf(second)).toBeNull();
    expect((await kim.act(taken, 'replies', { content: 'One last thing.' })).status).toBe(201);
    expect((await dana.get(second)).history.map(({ kind, target_id: target }) => [kind, target])).toEqual([
      ['created', null],
      ['assigned', kim.client.userId],
      ['assigned', null],
    ]);
    await kim.me({ is_available: true });
    expect(await has(kim)).toEqual([second]);
  });

  it('whoever is no agent any more leaves nothing behind that nobody can take: what they had goes to others, and no model speaks there', async () => {
    await kim.me({ is_available: true });
    const conversation = await owner.conversation();
    await owner.send(conversation, 'Hello');
    const [taken, waiting] = [await ask(0, conversation), await ask()];
    await kim.act(taken, 'claim');
    await kim.act(taken, 'replies', { content: 'I am Kim.' });
    const path = `/escalations/agents/${kim.client.userId}?workspace_id=${workspaceId}`;
    expect((await lee.client.request('DELETE', path)).status).toBe(403);
    expect((await owner.request('DELETE', path)).status).toBe(204);
    expect((await kim.act(taken, 'replies', { content: 'Still me.' })).status).toBe(404);
    expect(await dana.get(taken)).toMatchObject({ status: 'open', owner: 'human', assigned_to: null });
    expect(await assigneeOf(waiting)).toBeNull();
    world.upstream.reset();
    await owner.request('POST', `/chat/conversations/${conversation}/send`, { content: 'Are you there?' });
    expect(world.upstream.requests).toHaveLength(0);
    await lee.me({ is_available: true });
    expect(await has(lee)).toEqual([taken, waiting]);
    expect((await lee.act(taken, 'claim')).status).toBe(200);
    expect((await lee.act(taken, 'replies', { content: 'I am Lee.' })).status).toBe(201);
    expect(await dana.messages(taken)).toEqual(
      expect.arrayContaining(['agent: I am Kim.', 'user: Are you there?', 'agent: I am Lee.']),
    );
  });

  it.each<[who: string, by: () => Client, path: () => string]>([
    ['they save', () => kim.client, () => 'me'],
    ['an owner saves', () => owner, () => String(kim.client.userId)],
  ])('whoever is removed while %s what they take gets the answer to what was saved', async (_who, by, path) => {
    await world.sql.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtext('escalations.assign'), ${workspaceId})`);
    const saving = by().request('PUT', `/escalations/agents/${path()}`, { workspace_id: workspaceId, capacity: 7 });
    await somebodyWaits(world.sql);
    await world.sql.query(`DELETE FROM support_agents WHERE user_id = ${kim.client.userId}; COMMIT`);
    expect(await saving).toMatchObject({ status: 200, body: { capacity: 7, skills: ['billing'], load: 0 } });
  });

  it('nothing is left with somebody who goes away while it is being given to them', async () => {
    const persona = await owner.persona();
    for (let round = 0; round < 8; round += 1) {
      const conversations = await Promise.all(Array.from({ length: 6 }, () => owner.conversation(persona)));
      await kim.me({ is_available: true, capacity: 100 });
      await Promise.all([
        ...conversations.map((conversation, index) => ask(index % 2, conversation)),
        kim.me({ is_available: false }),
      ]);
      expect(await has(kim)).toEqual([]);
    }
  });
});
