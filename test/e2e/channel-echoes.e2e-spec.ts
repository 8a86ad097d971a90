import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import { aPerson, type FakePerson, instagramEcho, instagramText, whatsAppEcho } from '../support/fake-graph';
import type { Problem } from '../support/client';
import { eventually } from '../support/process';
import { runJob } from '../support/run-job';
import { Agent } from '../support/team';

describe('what the business says from its own app', () => {
  const fleet = new ChannelFleet();
  let channel: OpenChannel;
  let person: FakePerson;

  beforeAll(() => fleet.start({ ESCALATION_DRAFTS: 'false' }));
  afterAll(() => fleet.stop());
  afterEach(() => fleet.quiet());
  beforeEach(async () => {
    fleet.reset();
    channel = await fleet.open();
    person = aPerson();
  });

  it('stops the AI in that conversation, is part of it, and is undone on demand', async () => {
    await fleet.say(channel, person, 'Hello');
    await fleet.askedAbout(1);
    await fleet.settled(channel.id);
    const echo = whatsAppEcho(channel.account, person, 'This is Kim, I take over');
    await fleet.hook(channel, echo);
    await fleet.hook(channel, echo);
    await fleet.settled(channel.id, 2);
    await fleet.say(channel, person, 'Hello Kim');
    await fleet.settled(channel.id, 3);
    const [conversation] = await fleet.conversations(channel.id);
    expect(conversation).toMatchObject({ owner: 'human' });
    expect(conversation?.roles.filter((role) => role === 'agent')).toHaveLength(1);
    expect(fleet.asked).toEqual(['Hello']);

    const resume = () =>
      channel.owner.request<Problem>('POST', `/channels/${channel.id}/threads/${conversation!.id}/resume`);
    const stranger = await fleet.open();
    expect(
      (await stranger.owner.request('POST', `/channels/${channel.id}/threads/${conversation!.id}/resume`)).status,
    ).toBe(404);
    expect(
      (await stranger.owner.request('POST', `/channels/${stranger.id}/threads/${conversation!.id}/resume`)).status,
    ).toBe(404);
    const { body: escalation } = await channel.owner.request<{ id: number }>('POST', '/escalations', {
      conversation_id: Number(conversation!.id),
    });
    expect(await resume()).toMatchObject({ status: 409, body: { code: 'CHANNEL.WITH_TEAM' } });
    await channel.owner.request('POST', `/escalations/${escalation.id}/claim`);
    expect(await resume()).toMatchObject({ status: 409, body: { code: 'CHANNEL.WITH_TEAM' } });
    await channel.owner.request('POST', `/escalations/${escalation.id}/resolve`, {});
    expect((await resume()).status).toBe(204);
    expect(await resume()).toMatchObject({ status: 409, body: { code: 'CHANNEL.AI_NOT_STOPPED' } });
    await fleet.say(channel, person, 'And now?');
    await fleet.askedAbout(2);
    expect(fleet.asked).toEqual(['Hello', 'And now?']);
  });

  it.each([true, false])(
    'is a person’s first words to whoever has asked for one (stop_ai_on_echo: %s)',
    async (stop) => {
      const gram = await fleet.open('instagram', { stop_ai_on_echo: stop });
      const { body } = await gram.owner.request<{ workspace_id: number }>('GET', '/auth/me');
      const team = new Agent(gram.owner, body.workspace_id);
      await fleet.hook(gram, instagramText(gram.account, person, 'Hello'));
      await fleet.hook(gram, instagramText(gram.account, aPerson(), 'Hello'));
      await fleet.settled(gram.id, 2);
      const ids = await Promise.all(
        (await fleet.conversations(gram.id)).map(async ({ id }) => {
          const asked = await gram.owner.request<{ id: number }>('POST', '/escalations', {
            conversation_id: Number(id),
          });
          return asked.body.id;
        }),
      );
      await fleet.quiet();
      await fleet.hook(gram, instagramEcho(gram.account, person, 'This is Kim'));
      await fleet.settled(gram.id, 3);
      await fleet.sql.query(`UPDATE escalations SET due_at = now() - interval '1 second' WHERE id = ANY ($1)`, [ids]);
      await runJob(fleet.parley, 'escalations.upkeep');
      const late = await eventually(async () => {
        const all = await Promise.all(ids.map((id) => team.get(id)));
        return all.some(({ overdue_at: since }) => since !== null) ? all : undefined;
      }, 'the other one to be overdue');
      const [answered, ...others] = late.filter(({ overdue_at: since }) => since === null);
      expect([answered?.status, others]).toEqual(['open', []]);
      expect(answered!.first_reply_at).not.toBeNull();
      expect(answered!.history.map(({ kind, actor_id: actor }) => [kind, actor])).toEqual([
        ['created', gram.owner.userId],
        ['replied', null],
      ]);
      await eventually(async () => {
        const { rowCount } = await fleet.sql.query(
          `SELECT 1 FROM channel_outbox WHERE channel_id = $1 AND status IN ('pending', 'sending')`,
          [gram.id],
        );
        return rowCount === 0 || undefined;
      }, 'everything to have left');
    },
  );

  it('does so while the AI is answering, and when the business writes first', async () => {
    fleet.upstream.always({ type: 'reply', headersDelayMs: 20_000 });
    await fleet.say(channel, person, 'Hello');
    await fleet.askedAbout(1);
    await fleet.hook(channel, whatsAppEcho(channel.account, person, 'Kim here'));
    await fleet.settled(channel.id, 2);
    expect(await fleet.conversations(channel.id)).toMatchObject([{ owner: 'human', roles: ['user', 'agent'] }]);
    const other = aPerson();
    await fleet.hook(channel, whatsAppEcho(channel.account, other, 'Your order is ready'));
    await fleet.say(channel, other, 'Great');
    await fleet.settled(channel.id, 4);
    expect((await fleet.conversations(channel.id))[1]).toMatchObject({ owner: 'human', roles: ['agent', 'user'] });
  });

  it('is only part of the conversation when that is so set', async () => {
    const gram = await fleet.open('instagram', { stop_ai_on_echo: false });
    await fleet.hook(gram, instagramText(gram.account, person, 'Hello'));
    await fleet.askedAbout(1);
    await fleet.hook(gram, instagramEcho(gram.account, person, 'Welcome!'));
    await fleet.settled(gram.id, 2);
    await fleet.hook(gram, instagramText(gram.account, person, 'Thanks'));
    await fleet.askedAbout(2);
    const [conversation] = await fleet.conversations(gram.id);
    expect(conversation?.owner).toBe('ai');
    expect(conversation?.roles.filter((role) => role === 'agent')).toHaveLength(1);
  });

  it('what was sent from here comes back as an echo, and stops nothing', async () => {
    const gram = await fleet.open('instagram');
    await fleet.hook(gram, instagramText(gram.account, person, 'Hello'));
    await fleet.settled(gram.id);
    await fleet.sql.query(
      `INSERT INTO channel_outbox (channel_id, identity_id, conversation_id, author, kind, status, external_id)
       SELECT channel_id, identity_id, conversation_id, 'assistant', 'text', 'sent', 'own-mid' FROM channel_threads WHERE channel_id = $1`,
      [gram.id],
    );
    await fleet.hook(gram, instagramEcho(gram.account, person, 'You said: Hello', { mid: 'own-mid' }));
    const rows = await fleet.settled(gram.id, 2);
    expect(rows[1]).toMatchObject({ kind: 'echo', status: 'ignored', reason: 'own' });
    expect(await fleet.conversations(gram.id)).toMatchObject([{ owner: 'ai' }]);
  });

  describe('of what was sent from here when the answer of Meta was lost', () => {
    let gram: OpenChannel;
    const letters = async (): Promise<{ status: string; external_id: string | null }[]> =>
      (
        await fleet.sql.query<{ status: string; external_id: string | null }>(
          'SELECT status, external_id FROM channel_outbox WHERE channel_id = $1 ORDER BY id',
          [gram.id],
        )
      ).rows;
    const sent = () => fleet.graph.messages.filter(({ accountId }) => accountId === gram.account.id);
    /** Sent, and nobody here knows. @returns as Meta has it */
    const lost = async (): Promise<{ id: string; text: string }> => {
      await fleet.hook(gram, instagramText(gram.account, person, 'Hello'));
      return eventually(() => sent()[0], 'the answer to leave', 30_000);
    };
    const echo = ({ id, text }: { id: string; text: string }) =>
      fleet.hook(gram, instagramEcho(gram.account, person, text, { mid: id }));

    beforeEach(async () => {
      gram = await fleet.open('instagram');
    });

    it('tells that it arrived: it is not sent again, and stops nothing', async () => {
      fleet.graph.always({ type: 'taken-but-cut' });
      const first = await lost();
      await eventually(async () => (await letters())[0]?.status === 'pending' || undefined, 'it to wait', 30_000);
      fleet.graph.always(null);
      await echo({ ...first, text: ` ${first.text}\n` });
      const rows = await fleet.settled(gram.id, 2);
      expect(rows[1]).toMatchObject({ kind: 'echo', status: 'ignored', reason: 'own' });
      const before = sent().length;
      expect(await fleet.conversations(gram.id)).toMatchObject([{ owner: 'ai', roles: ['user', 'assistant'] }]);
      expect(await letters()).toMatchObject([{ status: 'sent' }]);
      await fleet.hook(gram, instagramText(gram.account, person, 'And more?'));
      await fleet.graph.waitFor(({ messages }) => messages.some(({ text }) => text.includes('And more?')), 30_000);
      expect(sent()).toHaveLength(before + 1);
    });

    it('stops nothing either when it was sent once more meanwhile', async () => {
      fleet.graph.next({ type: 'taken-but-cut' });
      const first = await lost();
      // For half a minute the echo is waited for.
      await eventually(async () => (await letters())[0]?.status === 'sent' || undefined, 'the second try', 90_000);
      expect((await letters())[0]?.external_id).not.toBe(first.id);
      await echo(first);
      const rows = await fleet.settled(gram.id, 2);
      expect(rows[1]).toMatchObject({ kind: 'echo', status: 'ignored', reason: 'own' });
      expect(await fleet.conversations(gram.id)).toMatchObject([{ owner: 'ai', roles: ['user', 'assistant'] }]);
    });

    it('what somebody of the team writes at that time stops the AI all the same', async () => {
      fleet.graph.always({ type: 'taken-but-cut' });
      await lost();
      await echo({ id: 'human', text: 'Kim here' });
      const rows = await fleet.settled(gram.id, 2);
      expect(rows[1]).toMatchObject({ kind: 'echo', status: 'done' });
      expect(await fleet.conversations(gram.id)).toMatchObject([{ owner: 'human' }]);
    });
  });
});
