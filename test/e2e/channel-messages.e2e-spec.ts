import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import {
  aPerson,
  type FakePerson,
  instagramHook,
  instagramMessage,
  type Json,
  text,
  whatsAppMessage,
} from '../support/fake-graph';
import { eventually } from '../support/process';

describe('what people say through channels', () => {
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

  const send = (content: Json) => fleet.sayAll(channel, person, [whatsAppMessage(person, content)]);

  describe('of every kind', () => {
    it.each<[string, Json, RegExp | string]>([
      ['a text', text('Hello'), 'Hello'],
      [
        'a choice of buttons',
        { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: '1', title: 'Yes' } } },
        'Yes',
      ],
      [
        'a choice of a list',
        {
          type: 'interactive',
          interactive: { type: 'list_reply', list_reply: { id: '1', title: 'Red', description: 'Size M' } },
        },
        /Red.*Size M/,
      ],
      ['a button of a template', { type: 'button', button: { text: 'Stop it', payload: 'x' } }, 'Stop it'],
      ['a place', { type: 'location', location: { latitude: 52.5, longitude: 13.4, name: 'Berlin' } }, /Berlin.*52\.5/],
      [
        'a contact',
        { type: 'contacts', contacts: [{ name: { formatted_name: 'Eve' }, phones: [{ phone: '+1 555' }] }] },
        /Eve.*555/,
      ],
      [
        'an order',
        {
          type: 'order',
          order: { product_items: [{ product_retailer_id: 'shoe', quantity: 2, item_price: 30, currency: 'EUR' }] },
        },
        /2 × shoe/,
      ],
      [
        'something that Meta does not pass on',
        { type: 'unsupported', errors: [{ code: 131051 }] },
        /cannot be read here/,
      ],
      ['something from the future', { type: 'hologram', hologram: { depth: 3 } }, /hologram/],
    ])('%s is answered', async (_what, content, expected) => {
      await send(content);
      await fleet.askedAbout(1);
      expect(fleet.asked[0]).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
    });

    it.each<[string, Json]>([
      ['a reaction', { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } }],
      ['a system message', { type: 'system', system: { body: 'changed the number', type: 'user_changed_number' } }],
      ['what is said in a group', { ...text('Hi all'), group_id: 'Y2FwaV9ncm91cDoxNzA1' }],
    ])('%s is not', async (_what, content) => {
      await send(content);
      await send(text('A question'));
      await fleet.settled(channel.id);
      await fleet.askedAbout(1);
      expect(fleet.asked).toEqual(['A question']);
    });

    it('of Instagram: messages and choices are answered; echoes of our own kind, reads, reactions, edits and unsends are not', async () => {
      const gram = await fleet.open('instagram');
      const item = (more: Json): Json => ({
        ...instagramMessage(gram.account, person, {}),
        message: undefined,
        ...more,
      });
      const hook = instagramHook(
        gram.account,
        item({ read: { mid: 'm' } }),
        item({ reaction: { mid: 'm', action: 'react', emoji: '❤' } }),
        item({ message_edit: { mid: 'm', text: 'new', num_edit: 1 } }),
        item({ message: { mid: 'gone', is_deleted: true } }),
        { ...instagramMessage(gram.account, person, { text: 'Hello' }), timestamp: new Date().toISOString() },
        item({ postback: { mid: 'button', title: 'Opening hours', payload: 'HOURS' } }),
      );
      expect((await fleet.hook(gram, hook)).status).toBe(200);
      await fleet.askedAbout(2);
      expect(fleet.asked).toEqual(['Hello', 'Opening hours']);
      expect(await fleet.people(gram)).toMatchObject([{ external_id: person.scopedId, phone: null }]);
    });
  });

  describe('by whom', () => {
    it('is the same person by number, by number and id, and by id alone; the name is the last', async () => {
      const { phone, scopedId } = person;
      for (const [index, who] of [
        { phone, scopedId: null, name: 'A' },
        { phone, scopedId, name: 'A' },
        { phone: null, scopedId, name: 'Ada' },
      ].entries()) {
        await fleet.say(channel, who, `Hello ${index}`);
        await fleet.settled(channel.id, index + 1);
      }
      await fleet.askedAbout(3);
      expect(await fleet.people(channel)).toMatchObject([{ external_id: scopedId, phone, name: 'Ada' }]);
      expect(await fleet.conversations(channel.id)).toHaveLength(1);
    });

    it('people who first write at the same moment, many times, have one conversation each', async () => {
      const ben = aPerson();
      await Promise.all(
        Array.from({ length: 12 }, (_, index) => fleet.say(channel, index % 2 === 0 ? person : ben, `n${index}`)),
      );
      await fleet.settled(channel.id, 12);
      expect(await fleet.people(channel)).toHaveLength(2);
      const conversations = await fleet.conversations(channel.id);
      expect(conversations).toHaveLength(2);
      for (const { roles } of conversations) expect(roles.filter((role) => role === 'user')).toHaveLength(6);
    });

    it('one person’s messages keep their order, and wait for nobody else', async () => {
      fleet.upstream.always({ type: 'reply', headersDelayMs: 300 });
      const texts = Array.from({ length: 6 }, (_, index) => `${index}`);
      for (const body of texts) await fleet.say(channel, person, body);
      await fleet.say(channel, aPerson(), 'somebody else');
      await fleet.askedAbout(7);
      const { asked } = fleet;
      expect(asked.filter((one) => one !== 'somebody else')).toEqual(texts);
      expect(asked.indexOf('somebody else')).toBeLessThan(6);
    });

    it('what comes in quick succession is answered together', async () => {
      await channel.owner.request('PATCH', `/channels/${channel.id}`, { settings: { debounce_ms: 3000 } });
      for (const body of ['Hello', 'I have', 'a question']) await fleet.say(channel, person, body);
      await fleet.settled(channel.id, 3);
      await fleet.askedAbout(1);
      const conversations = await eventually(async () => {
        const found = await fleet.conversations(channel.id);
        return found[0]?.roles.includes('assistant') === true ? found : undefined;
      }, 'the answer');
      expect(conversations[0]?.roles).toEqual(['user', 'user', 'user', 'assistant']);
    });

    it('only those who are allowed are known at all', async () => {
      await channel.owner.request('PATCH', `/channels/${channel.id}`, {
        settings: { allowed_senders: [`+${person.phone}`] },
      });
      await fleet.say(channel, aPerson(), 'Let me in');
      await fleet.say(channel, person, 'Hello');
      await fleet.settled(channel.id, 2);
      await fleet.askedAbout(1);
      expect(fleet.asked).toEqual(['Hello']);
      expect(await fleet.people(channel)).toHaveLength(1);
      expect(await fleet.items(channel)).toMatchObject([
        { status: 'done' },
        { status: 'ignored', reason: 'not_allowed' },
      ]);
    });

    it('more than so many a minute are left unanswered', async () => {
      await channel.owner.request('PATCH', `/channels/${channel.id}`, { settings: { messages_per_minute: 3 } });
      for (let index = 0; index < 5; index += 1) await fleet.say(channel, person, `${index}`);
      const rows = await fleet.settled(channel.id, 5);
      expect(rows.map(({ reason }) => reason)).toEqual([null, null, null, 'rate_limited', 'rate_limited']);
    });
  });

  it('while somebody of the team has the conversation, all that comes is kept, however much it is', async () => {
    await channel.owner.request('PATCH', `/channels/${channel.id}`, { settings: { messages_per_minute: 3 } });
    await fleet.say(channel, person, 'A person, please');
    await fleet.askedAbout(1);
    await fleet.quiet();
    const [conversation] = await fleet.conversations(channel.id);
    const { body } = await channel.owner.request<{ id: number }>('POST', '/escalations', {
      conversation_id: Number(conversation!.id),
    });
    expect((await channel.owner.request('POST', `/escalations/${body.id}/claim`, {})).status).toBe(200);
    for (let index = 0; index < 25; index += 1) await fleet.say(channel, person, `${index}`);
    const rows = await fleet.settled(channel.id, 26);
    expect(rows.map(({ reason }) => reason)).toEqual(Array(26).fill(null));
    const [kept] = await fleet.conversations(channel.id);
    expect(kept!.roles.filter((role) => role === 'user')).toHaveLength(26);
    expect(fleet.asked).not.toContain('24');
  });

  describe('who wants no more messages', () => {
    it('gets none, is told so once, and gets them again when they say so', async () => {
      await fleet.say(channel, person, 'Hello');
      await fleet.askedAbout(1);
      for (const word of ['¡STOP!', 'stop.', 'Are you there?']) await fleet.say(channel, person, word);
      await fleet.settled(channel.id, 4);
      expect(await fleet.people(channel)).toMatchObject([{ is_opted_out: true }]);
      const { rows } = await fleet.sql.query(
        `SELECT author, message_id, content LIKE 'enc:%' AS "isSealed" FROM channel_outbox WHERE channel_id = $1 AND author = 'system'`,
        [channel.id],
      );
      expect(rows).toHaveLength(1);
      await fleet.say(channel, person, 'Start');
      await fleet.askedAbout(2);
      expect(await fleet.people(channel)).toMatchObject([{ is_opted_out: false }]);
      expect(fleet.asked).toEqual(['Hello', 'Start']);
    });

    it('a word of it within a sentence ends nothing', async () => {
      await fleet.say(channel, person, 'Please stop the delivery of my order');
      await fleet.askedAbout(1);
      expect(await fleet.people(channel)).toMatchObject([{ is_opted_out: false }]);
    });
  });
});
