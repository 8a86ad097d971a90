import type { Problem } from '../support/client';
import { inconsistencies } from '../support/consistency';
import { type LoggedRequest, scenarios } from '../support/fake-openai';
import { somebodyWaits } from '../support/meanwhile';
import { eventually } from '../support/process';
import { SocketUser } from '../support/socket-user';
import { SupportWorld } from '../support/support-world';
import type { Agent, EscalationView } from '../support/team';
import type { Visitor } from '../support/visitor';

const HAND_OFF = 'I have asked a colleague to take over. Somebody will answer you here.';

describe('people take a conversation over', () => {
  let world: SupportWorld;
  let dana: Agent;
  let kim: Agent;
  const sockets: SocketUser[] = [];

  beforeAll(async () => {
    world = await SupportWorld.start({
      OPENAI_MAX_RETRIES: '0',
      SEND_WAIT_MS: '15000',
    });
    ({ dana } = world);
    kim = await world.member();
  });
  afterAll(async () => {
    for (const socket of sockets) socket.close();
    const broken = await inconsistencies(world.sql);
    await world.stop();
    expect(broken).toEqual([]);
  });
  beforeEach(() => world.upstream.reset());

  const said = async (visitor: Visitor): Promise<string[]> =>
    (await visitor.history()).body.messages.map(({ role, content }) => `${role}: ${content}`);
  const newest = async (): Promise<EscalationView> => (await dana.list('&limit=1'))[0]!;

  it('a keyword brings a person in: the AI still answers, the customer is told, and the inbox has it with the evidence', async () => {
    world.upstream.next(scenarios.reply('I am sorry to hear that.'));
    const visitor = await world.visitor();
    const { body } = await visitor.send('I want a refund, this is urgent!');
    expect(body).toMatchObject({
      escalated: true,
      escalationReason: 'keyword',
      message: `I am sorry to hear that.\n\n${HAND_OFF}`,
    });
    expect(await said(visitor)).toEqual([
      'user: I want a refund, this is urgent!',
      'assistant: I am sorry to hear that.',
      `system: ${HAND_OFF}`,
    ]);
    const escalation = await newest();
    expect(escalation).toMatchObject({ status: 'open', owner: 'ai', reason: 'keyword', since_seq: 1 });
    const details = await dana.get(escalation.id);
    expect(details.triggers).toEqual([expect.objectContaining({ kind: 'keyword', message_seq: 1 })]);
    expect(details.triggers[0]!.evidence).toContain('refund');
    expect(details.history.map(({ kind }) => kind)).toEqual(['created']);
    const { rows } = await world.sql.query<{ evidence: string }>(
      'SELECT evidence FROM escalation_triggers WHERE escalation_id = $1',
      [escalation.id],
    );
    expect(rows[0]!.evidence).toMatch(/^enc:/);
  });

  it('people are asked once: what comes while they are asked is one more trigger, and the visitor is not told again', async () => {
    const { visitor, id } = await world.escalated();
    const { body } = await visitor.send('This is urgent!');
    expect(body).toMatchObject({ escalated: false, escalationReason: null, message: 'You said: This is urgent!' });
    expect((await said(visitor)).filter((text) => text.startsWith('system:'))).toHaveLength(1);
    expect((await dana.get(id)).triggers.map(({ kind, message_seq }) => [kind, message_seq])).toEqual([
      ['keyword', 1],
      ['keyword', 4],
    ]);
    const { rows } = await world.sql.query<{ reasons: (string | null)[] }>(
      `SELECT array_agg(t.escalation_reason ORDER BY t.id) AS reasons FROM turns t JOIN escalations e ON e.conversation_id = t.conversation_id WHERE e.id = $1`,
      [id],
    );
    expect(rows[0]!.reasons).toEqual(['keyword', null]);

    await dana.act(id, 'claim');
    await dana.act(id, 'resolve');
    expect((await visitor.send('It is urgent again!')).body).toMatchObject({
      escalated: true,
      escalationReason: 'keyword',
      message: `You said: It is urgent again!\n\n${HAND_OFF}`,
    });
    expect((await newest()).id).not.toBe(id);
  });

  it('where people answer first, no model is asked, and after the return one answers', async () => {
    const put = (rules: object): Promise<{ status: number }> =>
      dana.client.request('PUT', `/escalations/rules?workspace_id=${dana.workspaceId}`, rules);
    expect((await put({ human_first: true })).status).toBe(200);
    const first = await eventually(async () => {
      const fresh = await world.visitor();
      const { body } = await fresh.send('Good morning');
      return body.status === 'handed_off' ? { fresh, body } : undefined;
    }, 'the rules to be known everywhere');
    expect(first.body).toMatchObject({ status: 'handed_off', escalated: true, escalationReason: 'human_first' });
    expect(await said(first.fresh)).toEqual(['user: Good morning', `system: ${HAND_OFF}`]);
    const { rows } = await world.sql.query<{ purposes: string[] | null }>(
      `SELECT array_agg(DISTINCT k.purpose) AS purposes FROM model_calls k JOIN escalations e ON e.conversation_id = k.conversation_id WHERE e.id = $1`,
      [(await newest()).id],
    );
    expect(rows[0]!.purposes ?? []).not.toContain('reply');
    const { id } = await newest();
    await dana.act(id, 'claim');
    await dana.act(id, 'return');
    expect((await first.fresh.send('When are you open?')).body).toMatchObject({
      status: 'completed',
      escalated: false,
    });
    expect((await dana.client.request('DELETE', `/escalations/rules?workspace_id=${dana.workspaceId}`)).status).toBe(
      204,
    );
  });

  it('is silent while a person has it, takes up nothing of the old complaint afterwards, and the customer is told of both', async () => {
    const { visitor, id } = await world.escalated();
    const claimed = await dana.act(id, 'claim');
    expect(claimed).toMatchObject({
      status: 200,
      body: { status: 'claimed', owner: 'human', assigned_to: dana.client.userId },
    });
    // The draft for the person is a call as well.
    await world.upstream.waitForRequests(2);
    await world.upstream.waitUntilIdle();
    world.upstream.reset();
    const meanwhile = await visitor.send('Are you there?');
    expect(meanwhile.body).toMatchObject({ status: 'handed_off', message: '', escalated: false });
    expect(await dana.act(id, 'replies', { content: 'Good morning, I am Dana.' })).toMatchObject({ status: 201 });
    expect((await said(visitor)).slice(-2)).toEqual(['user: Are you there?', 'agent: Good morning, I am Dana.']);
    expect(world.upstream.requests).toHaveLength(0);
    expect(await dana.act(id, 'return')).toMatchObject({ status: 200, body: { status: 'returned', owner: 'ai' } });
    world.upstream.next(scenarios.reply('We are open from 9 to 5.'));
    expect((await visitor.send('When are you open?')).body).toMatchObject({
      escalated: false,
      message: 'We are open from 9 to 5.',
    });
    expect((await said(visitor)).slice(-3)).toEqual([
      'system: The AI assistant answers here again.',
      'user: When are you open?',
      'assistant: We are open from 9 to 5.',
    ]);
    const prompt = JSON.stringify(world.upstream.requests[0]!.body);
    expect(prompt).not.toContain('refund now');
    expect(prompt).not.toContain('Are you there');
    expect(prompt).toContain('people of the team have talked with this person');
  });

  it('whoever follows at a socket sees the hand-off, the person and the return in their order', async () => {
    const visitor = await world.visitor();
    const socket = await SocketUser.connect(world.parley.url, { sessionId: visitor.sessionId });
    sockets.push(socket);
    expect(await socket.join({})).toMatchObject({ answeredBy: 'ai' });
    world.upstream.next(scenarios.reply('One moment.'));
    await socket.ask('send-message', { message: 'This is an emergency' });
    await socket.until(() => socket.of('escalation-needed').length > 0);
    const { id } = await newest();
    expect(socket.of('escalation-needed')).toMatchObject([
      { sessionId: visitor.sessionId, escalationId: id, reason: 'keyword' },
    ]);
    expect(await dana.act(id, 'claim')).toMatchObject({ status: 200, body: { owner: 'human' } });
    // Before the person has said a word.
    await socket.until(() => socket.of('answered-by').length > 0);
    const later = await SocketUser.connect(world.parley.url, { sessionId: visitor.sessionId });
    sockets.push(later);
    expect(await later.join({})).toMatchObject({ answeredBy: 'people' });
    await dana.act(id, 'replies', { content: 'I am here.' });
    await dana.act(id, 'resolve', { note: 'Called them.' });
    await socket.until(() => socket.messages().length >= 4 && socket.of('answered-by').length >= 2);
    const { sessionId } = visitor;
    expect(socket.of('answered-by')).toMatchObject([
      { sessionId, answeredBy: 'people' },
      { sessionId, answeredBy: 'ai' },
    ]);
    expect(socket.messages().map(({ role, seq }) => `${role} ${seq}`)).toEqual([
      'assistant 2',
      'system 3',
      'agent 4',
      'system 5',
    ]);
  });

  it('that a person has it is told once, also when more happens while that is read', async () => {
    const { visitor, id } = await world.escalated();
    const socket = await SocketUser.connect(world.parley.url, { sessionId: visitor.sessionId });
    sockets.push(socket);
    expect(await socket.join({})).toMatchObject({ isPersonAwaited: true });
    await world.sql.query('BEGIN; LOCK TABLE messages IN ACCESS EXCLUSIVE MODE');
    expect((await dana.act(id, 'claim')).status).toBe(200);
    await somebodyWaits(world.sql);
    const tagged = await dana.client.request('PUT', `/escalations/${id}/tags`, { tags: ['money'] });
    await world.sql.query('COMMIT');
    expect(tagged.status).toBe(200);
    await dana.act(id, 'replies', { content: 'I am here.' });
    await socket.until(() => socket.messages().length > 0, 'what the person says');
    expect(socket.of('answered-by')).toMatchObject([{ answeredBy: 'people' }]);
    await dana.act(id, 'resolve');
  });

  it('what a model is writing when somebody claims is thrown away, and is paid for', async () => {
    const { visitor, id } = await world.escalated();
    // Not the draft of what is waiting.
    const isAnswer = ({ lastUserMessage }: LoggedRequest): boolean => lastUserMessage === 'And now?';
    world.upstream.alwaysFor(
      isAnswer,
      scenarios.reply(undefined, { pieces: ['It ', 'will ', 'never ', 'end'], tokenDelayMs: 2000 }),
    );
    const sending = visitor.send('And now?');
    await eventually(() => world.upstream.requests.find(isAnswer), 'the model to be asked');
    await dana.act(id, 'claim');
    expect((await sending).body).toMatchObject({ status: 'handed_off', message: '' });
    await world.upstream.waitUntilIdle();
    const lastCall = await eventually(async () => {
      const { rows } = await world.sql.query<{ status: string }>(
        'SELECT status FROM model_calls ORDER BY id DESC LIMIT 1',
      );
      return rows[0]!.status === 'started' ? undefined : rows[0]!.status;
    }, 'the ledger to be closed');
    expect(lastCall).not.toBe('started');
    expect((await said(visitor)).at(-1)).toBe('user: And now?');
  });

  it('one person has it at a time; others are refused, and it can be handed on and back', async () => {
    const { id } = await world.escalated();
    expect((await kim.act<Problem>(id, 'claim')).body.code).toBe('ESCALATION.NOT_FOUND');
    const made = await dana.client.request('PUT', `/escalations/agents/${kim.client.userId}`, {
      workspace_id: dana.workspaceId,
      skills: ['billing'],
    });
    expect(made).toMatchObject({ status: 200, body: { is_available: false, capacity: 5, skills: ['billing'] } });
    const both = await Promise.all([dana.act(id, 'claim'), kim.act(id, 'claim')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [has, other] = both[0].status === 200 ? [dana, kim] : [kim, dana];
    expect((await other.act<Problem>(id, 'replies', { content: 'me too' })).body.code).toBe('ESCALATION.NOT_YOURS');
    const handedOn = await has.act(id, 'transfer', { user_id: other.client.userId, note: 'You know more.' });
    expect(handedOn).toMatchObject({ status: 200, body: { assigned_to: other.client.userId, owner: 'human' } });
    expect((await other.act(id, 'replies', { content: 'Hello.' })).status).toBe(201);
    expect(await other.act(id, 'transfer', {})).toMatchObject({
      body: { status: 'open', assigned_to: null, owner: 'human' },
    });
    await other.client.request('PUT', `/escalations/${id}/tags`, { tags: ['vip'] });
    await other.act(id, 'notes', { content: 'Calls back at noon.' });
    const details = await dana.get(id);
    expect(details.tags).toEqual(['vip']);
    expect(details.history.map(({ kind, note }) => [kind, note])).toEqual([
      ['created', null],
      ['claimed', null],
      ['transferred', 'You know more.'],
      ['replied', null],
      ['transferred', null],
      ['tagged', 'vip'],
      ['noted', 'Calls back at noon.'],
    ]);
    await dana.act(id, 'resolve');
  });
});
