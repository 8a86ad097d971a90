import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import { aPerson, type FakePerson, type Json, whatsAppIdUpdate, whatsAppMoved } from '../support/fake-graph';

describe('who writes through a channel', () => {
  const fleet = new ChannelFleet();
  let channel: OpenChannel;
  let person: FakePerson;

  beforeAll(() => fleet.start());
  afterAll(() => fleet.stop());
  afterEach(() => fleet.quiet());
  beforeEach(async () => {
    fleet.reset();
    channel = await fleet.open();
    person = aPerson();
  });

  let count = 0;
  /** Each is looked at before the next is sent. */
  const hook = async (body: Json): Promise<void> => {
    expect((await fleet.hook(channel, body)).status).toBe(200);
    await fleet.settled(channel.id, (count += 1));
  };
  const say = async (who: FakePerson, text: string): Promise<void> => {
    await fleet.say(channel, who, text);
    await fleet.settled(channel.id, (count += 1));
    await fleet.graph.waitFor(({ messages }) => messages.some((message) => message.text.includes(text)), 30_000);
  };
  beforeEach(() => void (count = 0));
  const lastTo = (): string | undefined => fleet.graph.messages.at(-1)?.to;

  it.each<[string, (from: FakePerson, to: FakePerson) => Json[]]>([
    ['the new number and id', (from, to) => [whatsAppMoved(channel.account, from, to)]],
    ['the new number', (from, to) => [whatsAppMoved(channel.account, from, { ...to, scopedId: null })]],
    ['the new id by the old one', (from, to) => [whatsAppIdUpdate(channel.account, from, to)]],
    [
      'the new id, of somebody whose numbers nobody is told',
      (from, to) => [whatsAppIdUpdate(channel.account, from, { ...to, phone: null })],
    ],
    [
      'all of it, twice',
      (from, to) => [
        whatsAppMoved(channel.account, from, to),
        whatsAppIdUpdate(channel.account, from, to),
        whatsAppMoved(channel.account, from, to),
      ],
    ],
  ])('who has a new number stays who they are, in their conversation, when Meta tells %s', async (_what, told) => {
    const moved = aPerson({ name: person.name });
    await say(person, 'from the old number');
    for (const body of told(person, moved)) await hook(body);
    await say(moved, 'from the new number');
    expect(await fleet.people(channel)).toMatchObject([{ external_id: moved.scopedId, phone: moved.phone }]);
    expect(await fleet.conversations(channel.id)).toHaveLength(1);
    expect(lastTo()).toBe(moved.phone);
    expect(fleet.asked).toEqual(['from the old number', 'from the new number']);
  });

  it('the old number may be somebody else’s then, who is told nothing of it', async () => {
    const moved = aPerson();
    await say(person, 'from the old number');
    await hook(whatsAppMoved(channel.account, person, moved));
    const stranger = aPerson({ phone: person.phone, name: 'Eve' });
    await say({ ...stranger, scopedId: null }, 'who had this number?');
    await say(stranger, 'tell me');
    expect(await fleet.people(channel)).toMatchObject([
      { external_id: stranger.scopedId, phone: person.phone, name: 'Eve' },
      { external_id: moved.scopedId, phone: moved.phone },
    ]);
    expect(await fleet.conversations(channel.id)).toHaveLength(2);
    const { rows } = await fleet.sql.query('SELECT DISTINCT user_id FROM channel_identities WHERE channel_id = $1', [
      channel.id,
    ]);
    expect(rows).toHaveLength(2);
  });

  it('who comes with a known number and another id is somebody else, and has the number from now on', async () => {
    const stranger = aPerson({ phone: person.phone, name: 'Eve' });
    await say(person, 'my secret');
    await say(stranger, 'what did I say?');
    expect(await fleet.conversations(channel.id)).toHaveLength(2);
    expect(await fleet.people(channel)).toMatchObject([
      { external_id: stranger.scopedId, phone: stranger.phone },
      { external_id: person.scopedId, phone: null },
    ]);
    expect(JSON.stringify(fleet.upstream.requests.at(-1)?.body)).not.toContain('my secret');
  });

  it('whose new ids are somebody’s already stays apart from them', async () => {
    const other = aPerson();
    await say(person, 'one');
    await say(other, 'two');
    await hook(whatsAppMoved(channel.account, person, other));
    await say(other, 'three');
    expect(await fleet.people(channel)).toMatchObject([
      { external_id: other.scopedId, phone: other.phone },
      { external_id: person.scopedId, phone: null },
    ]);
    expect(await fleet.conversations(channel.id)).toHaveLength(2);
  });
});
