import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import { aPerson, type FakePerson } from '../support/fake-graph';
import { Agent, type EscalationView } from '../support/team';
import { eventually } from '../support/process';

const WAIT_MS = 60_000;

describe('people of the team and those who write through a channel', () => {
  const fleet = new ChannelFleet();
  const { graph } = fleet;
  let channel: OpenChannel;
  let person: FakePerson;
  let agent: Agent;

  beforeAll(() => fleet.start({ ESCALATION_DRAFTS: 'false' }));
  afterAll(() => fleet.stop());
  beforeEach(async () => {
    fleet.reset();
    person = aPerson();
    channel = await fleet.open();
    const { body } = await channel.owner.request<{ workspace_id: number }>('GET', `/channels/${channel.id}`);
    agent = new Agent(channel.owner, body.workspace_id);
  });
  afterEach(() => fleet.quiet());

  const texts = (): string[] => graph.messagesTo(person.phone!).map(({ text }) => text);
  const got = (count: number): Promise<string[]> =>
    eventually(() => (texts().length >= count ? texts() : undefined), `${count} messages to the person`, WAIT_MS);
  const escalate = async (): Promise<number> => {
    const [conversation] = await fleet.conversations(channel.id);
    const { status, body } = await channel.owner.request<EscalationView>('POST', '/escalations', {
      conversation_id: Number(conversation!.id),
    });
    expect(status).toBe(201);
    return body.id;
  };
  const exchange = (persona_id: number) => channel.owner.request('PATCH', `/channels/${channel.id}`, { persona_id });

  it('who waits for somebody of the team stays where they are asked for, also when another persona answers the channel by now', async () => {
    await fleet.say(channel, person, 'One');
    await got(1);
    const id = await escalate();
    expect((await exchange(await channel.owner.persona({ visibility: 'workspace' }))).status).toBe(200);
    await fleet.say(channel, person, 'Two');
    await fleet.askedAbout(2);
    expect((await agent.act(id, 'claim')).status).toBe(200);
    await fleet.say(channel, person, 'Three');
    await fleet.settled(channel.id, 3);
    expect((await agent.messages(id)).at(-1)).toBe('user: Three');
    expect(fleet.asked).toEqual(['One', 'Two']);
    expect(await fleet.conversations(channel.id)).toHaveLength(1);
    // Afterwards it is the other one's turn.
    expect((await agent.act(id, 'return')).status).toBe(200);
    await fleet.say(channel, person, 'Four');
    await fleet.askedAbout(3);
    expect(await fleet.conversations(channel.id)).toHaveLength(2);
  });

  it('who waits for somebody, and whose persona is deleted, goes on with the persona that there is', async () => {
    await fleet.say(channel, person, 'One');
    await got(1);
    await escalate();
    await channel.owner.request('DELETE', `/personas/${channel.persona}`);
    await exchange(await channel.owner.persona({ visibility: 'workspace' }));
    await fleet.say(channel, person, 'Two');
    expect(await fleet.askedAbout(2)).toEqual(['One', 'Two']);
  });

  describe('the question how it was', () => {
    let id: number;
    const rated = async (): Promise<number | null> => (await agent.get(id)).csat_rating;

    beforeEach(async () => {
      await agent.rules({ csat: true });
      await fleet.say(channel, person, 'Hello');
      await got(1);
      id = await escalate();
      expect((await agent.act(id, 'claim')).status).toBe(200);
      expect((await agent.act(id, 'resolve')).status).toBe(200);
      await eventually(() => texts().some((text) => text.includes('from 1')) || undefined, 'the question', WAIT_MS);
    });

    it('is answered by a number: no model is asked, the person is thanked, and may think again', async () => {
      await fleet.say(channel, person, '4');
      await eventually(() => texts().at(-1)?.startsWith('Thank you') || undefined, 'thanks', WAIT_MS);
      expect(await rated()).toBe(4);
      await fleet.say(channel, person, '5/5');
      await eventually(async () => (await rated()) === 5 || undefined, 'the other number', WAIT_MS);
      await fleet.settled(channel.id, 3);
      expect((await fleet.inbox(channel.id)).map(({ reason }) => reason)).toEqual([null, 'rating', 'rating']);
      expect(fleet.asked).toEqual(['Hello']);
      // What comes after something else is about that.
      await fleet.say(channel, person, 'Which step do I begin with?');
      await fleet.askedAbout(2);
      await fleet.say(channel, person, '2');
      expect(await fleet.askedAbout(3)).toEqual(['Hello', 'Which step do I begin with?', '2']);
      expect(await rated()).toBe(5);
    });

    it.each(['6', '45', '5 minutes later it broke again', 'five'])('is not answered by "%s"', async (text) => {
      await fleet.say(channel, person, text);
      expect(await fleet.askedAbout(2)).toEqual(['Hello', text]);
      expect(await rated()).toBeNull();
    });
  });
});
