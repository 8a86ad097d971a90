import type { Answer, Problem } from '../support/client';
import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import { aPerson, type FakePerson, graphError, instagramEcho, instagramText } from '../support/fake-graph';
import { scenarios } from '../support/fake-openai';
import { eventually } from '../support/process';
import { Agent, type EscalationView } from '../support/team';

interface Letter {
  id: number;
  conversation_id: number;
  author: string;
  kind: string;
  status: string;
  reason: string | null;
  attempts: number;
  external_id: string | null;
}

const WAIT_MS = 30_000;
/** What a worker had in hand when it was killed is seen to after a minute by the queue. */
const AFTER_KILL_MS = 90_000;

describe('what is said leaves through channels', () => {
  const fleet = new ChannelFleet();
  const { graph } = fleet;
  let channel: OpenChannel;
  let person: FakePerson;

  beforeAll(() => fleet.start());
  afterAll(() => fleet.stop());
  beforeEach(async () => {
    fleet.reset();
    channel = await fleet.open();
    person = aPerson();
  });

  const texts = (who = person): string[] =>
    graph.messages.filter(({ to }) => to === who.phone || to === who.scopedId).map(({ text }) => text);
  const got = (count: number, who = person): Promise<void> => graph.waitFor(() => texts(who).length >= count, WAIT_MS);
  const letters = async (query = '', of = channel): Promise<Letter[]> =>
    (await of.owner.request<{ messages: Letter[] }>('GET', `/channels/${of.id}/outbox${query}`)).body.messages;
  const lettersAre = (...statuses: string[]): Promise<Letter[]> =>
    eventually(
      async () => {
        const found = (await letters()).reverse();
        return found.map(({ status }) => status).join() === statuses.join() ? found : undefined;
      },
      `the outbox to be ${statuses.join()}`,
      WAIT_MS,
    );
  const retry = (id: number, of = channel): Promise<Answer<Problem>> =>
    of.owner.request('POST', `/channels/${of.id}/outbox/${id}/retry`);
  /** A new column would not make the database faster, and the clock is not ours to turn: what waits is due. */
  const skipPauses = (): Promise<unknown> =>
    fleet.sql.query(
      `UPDATE channel_outbox SET next_attempt_at = now() WHERE channel_id = $1 AND status = 'pending' AND next_attempt_at > now()`,
      [channel.id],
    );

  it('an answer reaches the person from the number they wrote to, after they saw that it is being written', async () => {
    graph.hookUrls = [fleet.url()];
    graph.autoStatuses = ['sent', 'delivered', 'read'];
    const other = await fleet.open();
    await fleet.say(other, person, 'To the other');
    await got(1);
    // Behind a reply that is there at once, nothing is shown.
    fleet.upstream.next(scenarios.reply(undefined, { headersDelayMs: 5000 }));
    await fleet.say(channel, person, 'Hello');
    await got(2);
    expect(graph.messages.map(({ accountId, text }) => [accountId, text])).toEqual([
      [other.account.id, 'You said: To the other'],
      [channel.account.id, 'You said: Hello'],
    ]);
    const calls = graph.calls.filter(({ accountId }) => accountId === channel.account.id);
    expect(calls.map(({ kind }) => kind)).toEqual(['read', 'message']);
    expect(calls[0]!.body).toMatchObject({ status: 'read', typing_indicator: { type: 'text' } });
    const [letter] = await lettersAre('read');
    expect(letter).toMatchObject({
      author: 'assistant',
      kind: 'text',
      attempts: 1,
      external_id: graph.messages[1]!.id,
    });
  });

  it('to somebody without a number by their id; on Instagram within its bytes, marked as seen and typed', async () => {
    const nameless = aPerson({ phone: null });
    await fleet.say(channel, nameless, 'Hello');
    await got(1, nameless);
    expect(graph.messages[0]!.body).toMatchObject({ recipient: nameless.scopedId, text: { body: 'You said: Hello' } });
    const gram = await fleet.open('instagram');
    const reply = `**Grüße** ${'Übermäßig lange Wörter überall. '.repeat(60)}`;
    fleet.upstream.next(scenarios.reply(reply, { headersDelayMs: 5000 }));
    await fleet.hook(gram, instagramText(gram.account, person, 'Hello'));
    await graph.waitFor(() => texts().join(' ') === reply.replaceAll('**', '').trim(), WAIT_MS);
    expect(texts().every((text) => Buffer.byteLength(text) <= 1000)).toBe(true);
    const actions = graph.calls.filter(({ kind }) => kind === 'action').map(({ body }) => body.sender_action);
    expect(actions).toEqual(['mark_seen', 'typing_on']);
    expect(graph.calls.every(({ body }) => !('tag' in body))).toBe(true);
  });

  it('what fails for a while is tried again in its order, and what does not get better can be sent again by hand', async () => {
    graph.next({ type: 'error', error: graphError(131056) }, { type: 'cut' });
    graph.refuse(131026);
    await fleet.say(channel, person, 'one');
    await eventually(() => (graph.calls.some(({ kind }) => kind === 'message') ? true : undefined), 'a first attempt');
    await fleet.say(channel, person, 'two');
    await eventually(
      async () => {
        await skipPauses();
        return texts().length === 1 ? true : undefined;
      },
      'the second to arrive',
      WAIT_MS,
    );
    expect(texts()).toEqual(['You said: two']);
    await lettersAre('dead', 'sent');
    const [dead] = await letters('?status=dead');
    expect(dead).toMatchObject({ reason: 'unreachable', attempts: 3 });
    const stranger = await fleet.open();
    expect((await stranger.owner.request('GET', `/channels/${channel.id}/outbox`)).status).toBe(404);
    expect((await retry(dead!.id, { ...channel, owner: stranger.owner })).status).toBe(404);
    expect((await retry(dead!.id, stranger)).body.code).toBe('CHANNEL.OUTBOX_NOT_FOUND');
    expect((await retry(dead!.id)).status).toBe(204);
    await got(2);
    expect(texts()).toEqual(['You said: two', 'You said: one']);
    expect((await retry(dead!.id)).status).toBe(404);
  });

  it('what came back after Meta had taken it is made again from the message', async () => {
    await fleet.say(channel, person, 'Hello');
    await got(1);
    await lettersAre('sent');
    await graph.sendStatus(fleet.url(), graph.messages[0]!, 'failed', 131026);
    const [failed] = await lettersAre('failed');
    expect((await retry(failed!.id)).status).toBe(204);
    await got(2);
    expect(texts()).toEqual(['You said: Hello', 'You said: Hello']);
  });

  it('a refused token stops the channel and is told; with a new one everything goes on', async () => {
    graph.refuse(190);
    await fleet.say(channel, person, 'Hello');
    await eventually(async () => {
      const { body } = await channel.owner.request<{ problem_code: string | null }>('GET', `/channels/${channel.id}`);
      return body.problem_code === 'CHANNEL.TOKEN_REFUSED' ? true : undefined;
    }, 'the problem to be told');
    await fleet.say(channel, person, 'Still there?');
    await lettersAre('pending', 'pending');
    expect(texts()).toEqual([]);
    const { accessToken } = channel.account;
    const credentials = { access_token: accessToken };
    // The same one, which Meta takes again: it was blocked for a while.
    expect((await channel.owner.request('PATCH', `/channels/${channel.id}`, { credentials })).status).toBe(200);
    await got(2);
    expect(texts()).toEqual(['You said: Hello', 'You said: Still there?']);
  });

  it('outside of the window only a template leaves, and what Meta refuses as too late is not repeated', async () => {
    await fleet.say(channel, person, 'Hello');
    await got(1);
    graph.refuse(131047);
    await fleet.say(channel, person, 'And?');
    const [, late] = await lettersAre('sent', 'dead');
    expect(late!.reason).toBe('window-closed');
    const template = { name: 'we_are_back', language: 'en_US' };
    await channel.owner.request('PATCH', `/channels/${channel.id}`, { settings: { template } });
    await fleet.sql.query(
      `UPDATE channel_identities SET last_inbound_at = now() - interval '25 hours' WHERE channel_id = $1`,
      [channel.id],
    );
    expect((await retry(late!.id)).status).toBe(204);
    await got(2);
    expect(graph.messages[1]).toMatchObject({ type: 'template', text: 'we_are_back' });
  });

  describe('when people take over', () => {
    const workspaceOf = async (): Promise<number> =>
      (await channel.owner.request<{ workspace_id: number }>('GET', `/channels/${channel.id}`)).body.workspace_id;
    const escalated = async (): Promise<{ agent: Agent; id: number }> => {
      const agent = new Agent(channel.owner, await workspaceOf());
      const [conversation] = await fleet.conversations(channel.id);
      const { status, body } = await channel.owner.request<EscalationView>('POST', '/escalations', {
        conversation_id: Number(conversation!.id),
      });
      expect({ status, body }).toMatchObject({ status: 201 });
      return { agent, id: body.id };
    };

    it.each(['whatsapp', 'instagram'] as const)(
      'who asks for a person on %s is handed over and told, without any rules having been stored',
      async (type) => {
        channel = await fleet.open(type);
        const text = 'I want to speak to a human';
        if (type === 'whatsapp') await fleet.say(channel, person, text);
        else await fleet.hook(channel, instagramText(channel.account, person, text));
        await got(2);
        expect(texts()[1]).toContain('colleague');
        const path = `/escalations?workspace_id=${await workspaceOf()}`;
        const { body } = await channel.owner.request<{ escalations: EscalationView[] }>('GET', path);
        expect(body.escalations).toMatchObject([{ reason: 'human_request', status: 'open' }]);
      },
    );

    it('the AI is silent, they answer through the channel, and afterwards it answers again', async () => {
      await fleet.say(channel, person, 'Hello');
      await got(1);
      const { agent, id } = await escalated();
      expect((await agent.act(id, 'claim')).status).toBe(200);
      await fleet.say(channel, person, 'Is somebody there?');
      await fleet.settled(channel.id, 2);
      expect((await agent.act(id, 'replies', { content: 'I am **Kim**.' })).status).toBe(201);
      await graph.waitFor(() => texts().includes('I am *Kim*.'), WAIT_MS);
      expect(texts().filter((text) => text.startsWith('You said'))).toEqual(['You said: Hello']);
      expect((await agent.act(id, 'return')).status).toBe(200);
      await fleet.say(channel, person, 'When do you open?');
      await graph.waitFor(() => texts().at(-1) === 'You said: When do you open?', WAIT_MS);
      expect(texts()).not.toContain('You said: Is somebody there?');
    });

    it('who claims waits for the message that is on the wire; nothing of the AI leaves after that', async () => {
      await fleet.say(channel, person, 'Hello');
      await got(1);
      const { agent, id } = await escalated();
      // They are told that somebody comes.
      await got(2);
      await lettersAreSettled();
      graph.next({ type: 'held' });
      // Drafts for the agent ask, too.
      fleet.upstream.always(scenarios.reply(`${'First part. '.repeat(300)}\n\n${'Second part. '.repeat(300)}`));
      await fleet.say(channel, person, 'Tell me everything');
      const before = texts().length;
      await graph.waitFor(() => texts().length > before, WAIT_MS);
      const onTheWire = texts().length;
      let isClaimed = false;
      const claim = agent.act(id, 'claim').then(({ status }) => {
        isClaimed = true;
        return status;
      });
      await eventually(async () => {
        const [conversation] = await fleet.conversations(channel.id);
        return conversation!.owner === 'human' ? true : undefined;
      }, 'the conversation to be taken');
      expect(isClaimed).toBe(false);
      graph.release();
      expect(await claim).toBe(200);
      await lettersAreSettled();
      expect(
        texts()
          .slice(onTheWire)
          .filter((text) => text.includes('part.')),
      ).toEqual([]);
      expect((await letters()).filter(({ reason }) => reason === 'people-answer').length).toBeGreaterThan(0);
    });

    const lettersAreSettled = (): Promise<true> =>
      eventually(
        async () => {
          const found = await letters();
          return found.some(({ status }) => status === 'pending' || status === 'sending') ? undefined : true;
        },
        'nothing to wait',
        WAIT_MS,
      );
  });

  it('a worker that dies between the call and its commit: Meta tells what had left, and nothing is sent twice', async () => {
    graph.next({ type: 'held' });
    await fleet.say(channel, person, 'Hello');
    await got(1);
    await fleet.parley.worker.kill();
    await fleet.parley.startWorker();
    graph.release();
    await graph.sendStatus(fleet.url(), graph.messages[0]!, 'sent');
    await eventually(
      async () => ((await letters())[0]?.status === 'sent' ? true : undefined),
      'the answer to be known as sent',
      AFTER_KILL_MS,
    );
    await fleet.say(channel, person, 'Again');
    await graph.waitFor(() => texts().includes('You said: Again'), AFTER_KILL_MS);
    expect(texts()).toEqual(['You said: Hello', 'You said: Again']);
  }, 240_000);

  it('the same on Instagram, whose echo tells: nothing is sent twice, and the AI goes on', async () => {
    const gram = await fleet.open('instagram');
    graph.next({ type: 'held' });
    await fleet.hook(gram, instagramText(gram.account, person, 'Hello'));
    await got(1);
    await fleet.parley.worker.kill();
    await fleet.parley.startWorker();
    graph.release();
    const { id: mid, text } = graph.messages[0]!;
    await fleet.hook(gram, instagramEcho(gram.account, person, text, { mid }));
    const [letter] = await eventually(
      async () => {
        const found = await letters('', gram);
        return found[0]?.status === 'sent' ? found : undefined;
      },
      'the answer to be known as sent',
      AFTER_KILL_MS,
    );
    expect(letter!.external_id).toBe(mid);
    await fleet.hook(gram, instagramText(gram.account, person, 'Again'));
    await graph.waitFor(() => texts().includes('You said: Again'), AFTER_KILL_MS);
    expect(texts()).toEqual(['You said: Hello', 'You said: Again']);
    expect((await fleet.conversations(gram.id))[0]).toMatchObject({ owner: 'ai' });
  }, 240_000);

  it('logs name no person and no text', () => {
    const log = fleet.parley.log();
    expect(log).not.toMatch(/You said|Übermäßig|wamid\./);
    expect(log).not.toContain(person.phone);
  });
});
