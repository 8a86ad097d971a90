import { postsIn, saidIn } from '../support/background';
import type { FakePost } from '../support/fake-mattermost';
import type { LoggedRequest } from '../support/fake-openai';
import { MattermostFleet, type OpenMattermost } from '../support/mattermost-fleet';
import { eventually } from '../support/process';
import { Agent, type EscalationView } from '../support/team';

describe('commands at Mattermost', () => {
  const fleet = new MattermostFleet();
  const { mattermost, upstream } = fleet;

  beforeAll(() => fleet.start({ ESCALATION_DRAFTS: 'false' }));
  afterAll(() => fleet.stop());
  afterEach(() => fleet.quiet());
  beforeEach(() => fleet.reset());

  /** What the person alone is shown at once. */
  const enter = async (channel: OpenMattermost, text: string, change = {}): Promise<string> => {
    const { status, json } = await fleet.command(channel, text, change);
    expect({ status, type: json?.response_type }).toEqual({ status: 200, type: 'ephemeral' });
    return String(json?.text);
  };
  const asked = (question: RegExp, count = 1): Promise<LoggedRequest> =>
    eventually(
      () => upstream.requests.filter(({ lastUserMessage }) => question.test(lastUserMessage ?? ''))[count - 1],
      `the model to be asked ${String(question)}`,
      60_000,
    );
  let clock = Date.now() - 60_000;
  const write = (channel: OpenMattermost, message: string, change = {}): FakePost =>
    fleet.say(channel, message, { createAt: (clock += 1), ...change });
  const instructionsFor = async (channel: OpenMattermost, question: string): Promise<string> => {
    fleet.say(channel, `ai: ${question}`);
    return String((await asked(new RegExp(`^${question}$`))).body.instructions);
  };

  it.each(['help', '', ' HELP '])('/ai %p says what there is, at once and to nobody else', async (text) => {
    const channel = await fleet.open();
    const said = await enter(channel, text);
    for (const name of ['help', 'summarize', 'persona [name]', 'reset']) expect(said).toContain(`\`/ai ${name}\``);
    expect(said).toContain('`@aibot` or `ai:`');
    expect(await fleet.inbox(channel.id)).toEqual([]);
    expect(mattermost.posts(channel.room)).toEqual([]);
    expect(upstream.requests).toEqual([]);
  });

  it('what is not a command is a question, also when it begins like one', async () => {
    const channel = await fleet.open();
    expect(await enter(channel, 'help me with Docker')).toBe('On it…');
    expect(saidIn(await asked(/^help me with Docker$/))).toEqual(['help me with Docker']);
  });

  it('a post that is the trigger alone, or the name of a command, is answered in its thread without a model', async () => {
    const channel = await fleet.open();
    const empty = fleet.say(channel, 'ai:');
    const [first] = await fleet.answers(channel);
    expect(first).toMatchObject({ root_id: empty.id, message: expect.stringContaining('`/ai summarize`') as string });
    const named = fleet.say(channel, 'ai: persona');
    const [, second] = await fleet.answers(channel, 2);
    expect(second).toMatchObject({ root_id: named.id, message: expect.stringContaining('- `Alex`') as string });
    expect(upstream.requests).toEqual([]);
  });

  it('a command as a post is answered once, also when it could not be noted at first that it is done', async () => {
    const channel = await fleet.open();
    // Sequences count what is rolled back, too.
    await fleet.sql.query(`
      CREATE SEQUENCE times_done;
      CREATE FUNCTION fail_once() RETURNS trigger AS $$
        BEGIN IF nextval('times_done') = 1 THEN RAISE 'not now'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql;
      CREATE TRIGGER fail_once BEFORE UPDATE ON channel_inbox FOR EACH ROW WHEN (NEW.status = 'done') EXECUTE FUNCTION fail_once()`);
    try {
      fleet.say(channel, `@${channel.bot.username} help`);
      await fleet.answers(channel);
      await fleet.settled(channel.id);
      await fleet.quiet();
      const { rows } = await fleet.sql.query<{ times: string }>('SELECT last_value AS times FROM times_done');
      expect(Number(rows[0]?.times)).toBe(2);
      expect(mattermost.postsOf(channel.bot, channel.room)).toHaveLength(1);
    } finally {
      await fleet.sql.query(
        'DROP TRIGGER fail_once ON channel_inbox; DROP FUNCTION fail_once; DROP SEQUENCE times_done',
      );
    }
  });

  it('/ai summarize asks the model about up to 100 posts, more than are usual', async () => {
    const channel = await fleet.open({ context_posts: 2 });
    for (let index = 1; index <= 40; index += 1) write(channel, `post ${index}`);
    expect(await enter(channel, 'summarize')).toBe('On it…');
    const request = await asked(/^Summarize the earlier posts/);
    expect(postsIn(request)).toHaveLength(40);
    expect(postsIn(request)[0]).toContain('post 1');
    await eventually(
      () => mattermost.posts(channel.room).find(({ message }) => message.includes('You said: Summarize')),
      'the summary',
      60_000,
    );
  });

  it('where earlier posts are not read, /ai summarize says so', async () => {
    const channel = await fleet.open({ context_posts: 0 });
    expect(await enter(channel, 'summarize')).toBe('On it…');
    await eventually(
      () => mattermost.posts(channel.room).find(({ message }) => message.includes('I do not read earlier posts here')),
      'what is said about it',
      60_000,
    );
    expect(upstream.requests).toEqual([]);
  });

  it('/ai persona lists who can answer, and makes one of them answer this person in this place', async () => {
    const channel = await fleet.open();
    await channel.owner.persona({ name: 'Sage of Ops', visibility: 'workspace' });
    await channel.owner.persona({ name: 'Hidden', visibility: 'private' });
    expect(await instructionsFor(channel, 'before')).toContain('YOU ARE: Alex');
    const list = await enter(channel, 'persona');
    expect(list).toContain('- `Alex` (answers you here)\n- `Sage of Ops`');
    expect(list).not.toContain('Hidden');
    const unknown = await enter(channel, 'persona Hidden');
    expect(unknown).toMatch(/^There is nobody called `Hidden` here\.[^]*- `Sage of Ops`/);
    expect(await enter(channel, 'persona  sage of  OPS ')).toContain('`Sage of Ops` answers you here');
    expect(await instructionsFor(channel, 'after')).toContain('YOU ARE: Sage of Ops');
    expect(await enter(channel, 'persona')).toContain('`Sage of Ops` (answers you here)');
    // Others there, and this person elsewhere, are answered as before.
    const other = mattermost.addUser({});
    fleet.say(channel, 'ai: other', { user: other });
    expect((await asked(/^other$/)).body.instructions).toContain('YOU ARE: Alex');
    const elsewhere = mattermost.addChannel({ team: channel.team, members: [channel.bot, channel.person] });
    fleet.say(channel, 'ai: elsewhere', { channel: elsewhere });
    expect((await asked(/^elsewhere$/)).body.instructions).toContain('YOU ARE: Alex');
  });

  it('in an open thread the next message begins with the new persona; one that is not shared any more answers nobody', async () => {
    const channel = await fleet.open();
    const id = await channel.owner.persona({ name: 'Robin', visibility: 'workspace' });
    const root = fleet.say(channel, 'ai: one');
    await fleet.answers(channel);
    await enter(channel, 'persona robin');
    fleet.say(channel, 'ai: two', { root });
    const request = await asked(/^two$/);
    expect(request.body.instructions).toContain('YOU ARE: Robin');
    expect(saidIn(request)).toEqual(['two']);
    await channel.owner.request('DELETE', `/personas/${id}`);
    await fleet.answers(channel, 2);
    fleet.say(channel, 'ai: three', { root });
    expect((await asked(/^three$/)).body.instructions).toContain('YOU ARE: Alex');
  });

  it('/ai reset: the conversation is over, and earlier posts are told no more, also when the conversation is erased', async () => {
    const channel = await fleet.open();
    write(channel, 'an old post');
    const root = fleet.say(channel, 'ai: old question');
    expect(postsIn(await asked(/^old question$/))).toHaveLength(1);
    await fleet.answers(channel);
    expect(await enter(channel, 'reset')).toMatch(/^Done\./);
    const later = Date.now() + 1000;
    fleet.say(channel, 'a new post', { root, createAt: later });
    fleet.say(channel, 'ai: new question', { root, createAt: later + 1 });
    const request = await asked(/^new question$/);
    expect(saidIn(request)).toEqual(['new question']);
    expect(postsIn(request)).toEqual([`@${channel.person.username}: a new post`]);
    await fleet.quiet();
    await fleet.sql.query(
      'DELETE FROM conversations WHERE id IN (SELECT conversation_id FROM channel_threads WHERE channel_id = $1)',
      [channel.id],
    );
    fleet.say(channel, 'ai: after erasure', { createAt: later + 10 });
    const after = postsIn(await asked(/^after erasure$/)).join('\n');
    expect(after).toContain('a new post');
    expect(after).not.toContain('an old post');
  });

  it('others are told no more and no less after somebody has begun anew', async () => {
    const channel = await fleet.open();
    const other = mattermost.addUser({});
    write(channel, 'an old post');
    await enter(channel, 'reset');
    fleet.say(channel, 'ai: mine', { createAt: Date.now() + 1000 });
    expect(postsIn(await asked(/^mine$/))).toEqual([]);
    fleet.say(channel, 'ai: theirs', { user: other, createAt: Date.now() + 1001 });
    expect(postsIn(await asked(/^theirs$/)).join('\n')).toContain('an old post');
  });

  it('is refused in words where it does not answer, and to whom it does not', async () => {
    const person = mattermost.addUser({});
    const channel = await fleet.open({ allowed_senders: [person.id] });
    for (const text of ['reset', 'summarize', 'a question']) {
      expect(await enter(channel, text)).toBe('I am not meant to answer you here.');
    }
    expect(await enter(channel, 'reset', { user: person })).toMatch(/^Done/);
    const elsewhere = await fleet.open({ allowed_channels: ['some-team/elsewhere'] });
    for (const text of ['help', 'a question']) {
      expect(await enter(elsewhere, text)).toBe('I am not meant to answer in this channel.');
    }
    await channel.owner.request('PATCH', `/channels/${channel.id}`, { is_enabled: false });
    await eventually(
      async () =>
        (await enter(channel, 'help', { user: person })) === 'I am switched off at present.' ? true : undefined,
      'the channel to be off',
    );
  });

  it('while people answer, posts that are commands are for them, as they were written', async () => {
    const channel = await fleet.open();
    const { body: own } = await channel.owner.request<{ workspace_id: number }>('GET', `/channels/${channel.id}`);
    const agent = new Agent(channel.owner, own.workspace_id);
    await agent.rules({ keywords: { words: ['urgent'] } });
    const escalated = async (): Promise<EscalationView | undefined> => (await agent.list())[0];
    // Workers know of new rules within ten seconds.
    let root = fleet.say(channel, 'ai: this is urgent');
    const escalation = await eventually(
      async () => {
        await fleet.quiet();
        const found = await escalated();
        if (found === undefined) root = fleet.say(channel, 'ai: this is urgent');
        return found;
      },
      'an escalation',
      60_000,
    );
    const { rows } = await fleet.sql.query<{ key: string }>(
      'SELECT thread_key AS key FROM channel_threads WHERE conversation_id = $1',
      [escalation.conversation_id],
    );
    expect(rows[0]!.key).toContain(root.id);
    const inbox = (await fleet.inbox(channel.id)).length;
    // Asking for nothing more than a new beginning does not take anybody away from those who were asked to come.
    fleet.say(channel, 'ai: reset', { root });
    await fleet.settled(channel.id, inbox + 1);
    const { id } = escalation;
    expect((await agent.act(id, 'claim')).status).toBe(200);
    for (const text of ['persona', 'reset', 'summarize']) fleet.say(channel, `ai: ${text}`, { root });
    await fleet.settled(channel.id, inbox + 4);
    const said = (await agent.messages(id)).slice(-3);
    expect(said.sort()).toEqual(['user: persona', 'user: reset', 'user: summarize']);
    const taken = await fleet.inbox(channel.id);
    expect(taken.slice(inbox).map(({ reason }) => reason)).toEqual(['command', null, null, null]);
  });

  it('what colleagues ask is their own: the team can neither fetch it into the inbox nor read it in a back-test', async () => {
    const channel = await fleet.open();
    await fleet.listening(channel);
    const direct = mattermost.direct(channel.bot, channel.person);
    fleet.say(channel, 'my salary is a secret', { channel: direct });
    await asked(/secret/);
    await fleet.settled(channel.id);
    await fleet.quiet();
    const { rows } = await fleet.sql.query<{ id: string }>(
      'SELECT conversation_id AS id FROM channel_threads WHERE channel_id = $1',
      [channel.id],
    );
    const conversation_id = Number(rows[0]!.id);
    const fetched = await channel.owner.request('POST', '/escalations', { conversation_id });
    expect(fetched).toMatchObject({ status: 403, body: { code: 'ESCALATION.FORBIDDEN' } });
    const { body: own } = await channel.owner.request<{ workspace_id: number }>('GET', `/channels/${channel.id}`);
    const tested = await channel.owner.request<{ messages: number; hits: unknown[] }>(
      'POST',
      '/escalations/rules/backtest',
      { workspace_id: own.workspace_id, rules: { keywords: { words: ['secret'] } } },
    );
    expect(tested).toMatchObject({ status: 200, body: { messages: 0, hits: [] } });
  });

  it('with the wrong token it is answered 401, and nothing happens', async () => {
    const channel = await fleet.open();
    const form = new URLSearchParams({
      token: 'wrong',
      channel_id: channel.room.id,
      user_id: channel.person.id,
      text: 'reset',
    });
    const answer = await fetch(fleet.url(`/${channel.id}/command`), { method: 'POST', body: form });
    expect(answer.status).toBe(401);
    const { rows } = await fleet.sql.query('SELECT 1 FROM channel_identities WHERE channel_id = $1', [channel.id]);
    expect(rows).toEqual([]);
  });

  it('names of personas cannot break out of the list', async () => {
    const channel = await fleet.open();
    await channel.owner.persona({ name: '`@channel` **x**', visibility: 'workspace' });
    expect(await enter(channel, 'persona')).toContain('- `@channel **x**`');
  });
});
