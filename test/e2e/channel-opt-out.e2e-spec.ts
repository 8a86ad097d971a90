import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import { aPerson, type FakePerson, type GraphCall, graphError, instagramText } from '../support/fake-graph';
import { scenarios } from '../support/fake-openai';
import { eventually } from '../support/process';
import { Agent, type EscalationView } from '../support/team';

const WAIT_MS = 30_000;
const GOODBYE = 'You will get no more messages from us. Write START if you want them again.';

describe('somebody who wants no messages', () => {
  const fleet = new ChannelFleet();
  const { graph } = fleet;

  beforeAll(() => fleet.start());
  afterAll(() => fleet.stop());
  beforeEach(() => fleet.reset());

  const say = async (channel: OpenChannel, person: FakePerson, text: string): Promise<void> => {
    const { status } = await (channel.account.channel === 'whatsapp'
      ? fleet.say(channel, person, text)
      : fleet.hook(channel, instagramText(channel.account, person, text)));
    expect(status).toBe(200);
  };
  const texts = (person: FakePerson): string[] =>
    graph.messages.filter(({ to }) => to === person.phone || to === person.scopedId).map(({ text }) => text);
  const got = (person: FakePerson, ...lines: string[]): Promise<void> =>
    graph.waitFor(() => texts(person).join('|') === lines.join('|'), WAIT_MS);
  /** Everything that can be done about what has come in has been done. */
  const nothingWaits = async (): Promise<void> => {
    await fleet.quiet();
    await eventually(
      async () => {
        const { rows } = await fleet.sql.query(
          `SELECT 1 FROM channel_outbox WHERE status IN ('pending', 'sending') UNION ALL SELECT 1 FROM channel_threads WHERE carry_since IS NOT NULL`,
        );
        return rows.length === 0 ? true : undefined;
      },
      'nothing to wait in the outbox',
      WAIT_MS,
    );
  };
  const escalated = async (channel: OpenChannel, conversationId: number): Promise<{ agent: Agent; id: number }> => {
    const { body: own } = await channel.owner.request<{ workspace_id: number }>('GET', `/channels/${channel.id}`);
    const asked = await channel.owner.request<EscalationView>('POST', '/escalations', {
      conversation_id: conversationId,
    });
    expect(asked.status).toBe(201);
    return { agent: new Agent(channel.owner, own.workspace_id), id: asked.body.id };
  };

  it.each(['whatsapp', 'instagram'] as const)(
    'is told so once (%s), and gets nothing else, whoever would say it, until they want some again',
    async (type) => {
      const channel = await fleet.open(type);
      const person = aPerson();
      await say(channel, person, 'Hello');
      await got(person, 'You said: Hello');
      await nothingWaits();
      const calls = graph.calls.length;

      await Promise.all(['STOP', 'Stop!', ' stop '].map((text) => say(channel, person, text)));
      await graph.waitFor(() => texts(person).length >= 2, WAIT_MS);
      await say(channel, person, 'Are you there?');
      await fleet.settled(channel.id, 5);
      const [conversation] = await fleet.conversations(channel.id);
      const { agent, id } = await escalated(channel, Number(conversation!.id));
      expect((await agent.act(id, 'claim')).status).toBe(200);
      expect((await agent.act(id, 'replies', { content: 'I am Kim.' })).status).toBe(201);
      expect((await agent.act(id, 'return')).status).toBe(200);
      await say(channel, person, 'Hello?');
      await fleet.settled(channel.id, 6);
      await nothingWaits();
      // One call: neither a notice, nor what the agent said, nor that anything was read or is being written.
      expect(graph.calls.slice(calls).map(({ kind }) => kind)).toEqual(['message']);
      expect(texts(person)).toEqual(['You said: Hello', GOODBYE]);

      // Behind a reply that is there at once, nothing is shown.
      fleet.upstream.next(
        scenarios.reply(undefined, { headersDelayMs: 5000 }),
        scenarios.reply(undefined, { headersDelayMs: 5000 }),
      );
      await say(channel, person, 'start');
      await got(person, 'You said: Hello', GOODBYE, 'You said: start');
      await say(channel, person, 'When do you open?');
      await got(person, 'You said: Hello', GOODBYE, 'You said: start', 'You said: When do you open?');
      const signals = graph.calls.slice(calls).filter(({ kind }) => kind === 'read' || kind === 'action');
      expect(signals.length).toBeGreaterThanOrEqual(2);
    },
  );

  it('does not get what a model is still writing when they say so, nor what waits', async () => {
    const channel = await fleet.open();
    const person = aPerson();
    const isAnswerToOne = ({ kind, body }: GraphCall): boolean =>
      kind === 'message' && JSON.stringify(body).includes('You said: one');
    graph.always({ type: 'error', error: graphError(131016) }, isAnswerToOne);
    await say(channel, person, 'one');
    await eventually(() => (graph.calls.some(({ errorCode }) => errorCode === 131016) ? true : undefined), 'a refusal');
    fleet.upstream.next(scenarios.reply('Late', { firstTokenDelayMs: 10_000 }));
    await say(channel, person, 'two');
    await fleet.askedAbout(2);
    await say(channel, person, 'stop');
    await fleet.settled(channel.id, 3);
    await nothingWaits();
    expect(texts(person)).toEqual([GOODBYE]);
    const { rows } = await fleet.sql.query<{ status: string; reason: string | null }>(
      'SELECT status, reason FROM channel_outbox WHERE channel_id = $1 AND message_id IS NOT NULL',
      [channel.id],
    );
    expect(rows).toEqual([
      { status: 'skipped', reason: 'opted-out' },
      { status: 'skipped', reason: 'opted-out' },
    ]);
  });

  it('is heard at once, too, while the budget is used up: whoever writes then is told once that there is no answer', async () => {
    const channel = await fleet.open('whatsapp', { messages_per_minute: 200 });
    const [person, other] = [aPerson(), aPerson()];
    const fields = { name: 'None', scope: 'workspace', period: 'month', unit: 'tokens', limit: 1 };
    expect(await channel.owner.request('POST', '/budgets', fields)).toMatchObject({ status: 201 });
    // Processes know of a new budget within ten seconds.
    await eventually(
      async () => {
        await say(channel, other, 'Hello');
        const rows = await fleet.settled(channel.id);
        return rows.at(-1)?.reason === 'BUDGET.EXCEEDED' || undefined;
      },
      'the budget to be known',
      60_000,
    );
    const before = (await fleet.inbox(channel.id)).length;
    await say(channel, person, 'Are you there?');
    await say(channel, person, 'Hello?');
    await say(channel, person, 'STOP');
    const rows = (await fleet.settled(channel.id, before + 3)).slice(-3);
    expect(rows).toMatchObject([
      { status: 'ignored', reason: 'BUDGET.EXCEEDED' },
      { status: 'ignored', reason: 'BUDGET.EXCEEDED' },
      { status: 'done', reason: 'opt_out' },
    ]);
    await nothingWaits();
    expect(texts(person)).toEqual(['I cannot answer at the moment. Please write again later.', GOODBYE]);
  });
});
