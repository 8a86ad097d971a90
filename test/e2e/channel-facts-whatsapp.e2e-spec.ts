import { randomBytes } from 'node:crypto';
import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import { aWamid, type FakeAccount, type HookAnswer, sendHook } from '../support/fake-graph';
import { aPng } from '../support/pictures';
import { eventually } from '../support/process';

/** What is fed in here are bytes, written as Meta's pages have them, against running processes. */
describe('what Meta sends for WhatsApp, byte by byte', () => {
  const fleet = new ChannelFleet();
  let channel: OpenChannel;

  beforeAll(async () => {
    await fleet.start();
    channel = await fleet.open();
  });
  afterAll(() => fleet.stop());
  afterEach(() => fleet.quiet());
  beforeEach(() => fleet.reset());

  const number = (): string => `1555${String(randomBytes(4).readUInt32BE()).padStart(10, '0').slice(0, 7)}`;
  const userId = (): string => `US.${String(randomBytes(6).readUIntBE(0, 6)).padStart(15, '1')}`;
  const now = (): string => String(Math.floor(Date.now() / 1000));
  /** A value of WhatsApp with these messages, each the text of a JSON object. */
  const value = (account: FakeAccount, messages: string[], rest = ''): string =>
    `{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"${account.id}"}${rest},"messages":[${messages.join(',')}]}}`;
  const entries = (...changes: string[]): string =>
    `{"object":"whatsapp_business_account","entry":[${changes.map((change) => `{"id":"102290129340398","changes":[${change}]}`).join(',')}]}`;
  const message = (from: string, content: string, id = aWamid()): string =>
    `{"from":"${from}","id":"${id}","timestamp":"${now()}",${content}}`;
  const said = (body: string): string => `"type":"text","text":{"body":"${body}"}`;
  const post = (account: FakeAccount, body: string) =>
    sendHook(fleet.url(), Buffer.from(body), { secret: account.appSecret });
  const answersTo = (person: string): string[] => fleet.graph.messagesTo(person).map(({ text }) => text);
  const medianOf = (answers: readonly HookAnswer[]): number =>
    answers.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)[Math.floor(answers.length / 2)]!;

  it('every type in one hook; people’s own words, choices and files are answered once, all else never', async () => {
    const { graph } = fleet;
    const media = (type: string, contentType: string, more = ''): string => {
      const content = contentType.startsWith('image/')
        ? aPng(5, 5)
        : Buffer.from(`${type} ${randomBytes(8).toString('hex')}`);
      const { id } = graph.addMedia(content, contentType);
      return `"type":"${type}","${type}":{"id":"${id}","mime_type":"${contentType}","sha256":"x"${more}}`;
    };
    const answered: [string, RegExp][] = [
      [said('Does it come in another color?'), /^Does it come in another color\?$/],
      [media('image', 'image/png', ',"caption":"This one"'), /^This one/],
      [media('audio', 'audio/ogg; codecs=opus', ',"voice":true'), /Voice message[^]*stored as file/],
      [media('video', 'video/mp4', ',"caption":"Watch"'), /^Watch[^]*video[^]*stored as file/],
      [media('document', 'application/pdf', ',"filename":"bill.pdf"'), /bill\.pdf[^]*stored as file/],
      [media('sticker', 'image/png', ',"animated":false'), /Sticker/],
      ['"type":"location","location":{"latitude":37.44216251868683,"longitude":-122.16153582049394,"name":"Philz Coffee","address":"101 Forest Ave"}', /Philz Coffee, 101 Forest Ave \(37\.44/],
      ['"type":"contacts","contacts":[{"name":{"formatted_name":"Barbara J. Johnson","first_name":"Barbara"},"org":{"company":"Social Tsunami"},"phones":[{"phone":"+1 (415) 555-0829","type":"WORK"}]}]', /Barbara J\. Johnson, \+1 \(415\) 555-0829/],
      ['"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"cancel-button","title":"Cancel"}}', /^Cancel$/],
      ['"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"priority_express","title":"Priority Mail Express","description":"Next Day to 2 Days"}}', /^Priority Mail Express: Next Day to 2 Days$/],
      ['"type":"button","button":{"payload":"Unsubscribe-id","text":"More information"}', /^More information$/],
      ['"type":"order","order":{"catalog_id":"194836987003835","text":"Love these!","product_items":[{"product_retailer_id":"di9ozbzfi4","quantity":2,"item_price":30,"currency":"USD"}]}', /2 × di9ozbzfi4 at 30 USD\] Love these!/],
      ['"type":"unsupported","errors":[{"code":131051,"title":"Message type unknown"}]', /cannot be read here/],
      ['"type":"hologram_of_2031","hologram_of_2031":{"depth":[1,2,3]}', /hologram_of_2031/],
    ]; // prettier-ignore
    const silent: string[] = [
      '"type":"reaction","reaction":{"message_id":"wamid.HBgLMTY0","emoji":"\\ud83d\\udc4d"}',
      '"type":"system","system":{"body":"User A changed from 15550001 to 15550002","wa_id":"15550002","type":"user_changed_number"}',
    ];
    const people = answered.map(() => number());
    const others = silent.map(() => number());
    const contacts = `,"contacts":[${[...people, ...others].map((id) => `{"profile":{"name":"Sheena"},"wa_id":"${id}"}`).join(',')}]`;
    const all = [
      ...answered.map(([content], index) => message(people[index]!, content)),
      ...silent.map((content, index) => message(others[index]!, content)),
    ];
    const statuses = ['sent', 'delivered', 'read', 'failed', 'teleported'].map(
      (status) => `{"id":"${aWamid()}","status":"${status}","timestamp":"${now()}","recipient_id":"${others[0]}"}`,
    );
    const echo = `{"field":"smb_message_echoes","value":{"messaging_product":"whatsapp","metadata":{"phone_number_id":"${channel.account.id}"},"message_echoes":[{"from":"15550783881","to":"${others[1]}","id":"${aWamid()}","timestamp":"${now()}",${said('We close at six.')}}]}}`;
    const body = entries(value(channel.account, all, `${contacts},"statuses":[${statuses.join(',')}]`), echo);
    expect((await post(channel.account, body)).status).toBe(200);
    expect((await post(channel.account, body)).status).toBe(200);
    await graph.waitForMessages(answered.length, 60_000);
    // What is told of messages that were not sent from here waits for a minute to become known.
    await fleet.sql.query(`DELETE FROM channel_inbox WHERE channel_id = $1 AND kind = 'status'`, [channel.id]);
    await fleet.quiet();
    for (const [index, [, expected]] of answered.entries()) {
      const answers = answersTo(people[index]!);
      expect(answers).toEqual([expect.stringMatching(/^You said: /)]);
      expect(answers[0]!.replace('You said: ', '')).toMatch(expected);
    }
    expect(graph.messages).toHaveLength(answered.length);
    const pictures = fleet.upstream.requests.filter((request) =>
      JSON.stringify(request.body).includes('data:image/png'),
    );
    expect(pictures).toHaveLength(2);
  }, 120_000);

  it('people without a number, in all the forms that Meta gives their id, are answered by it', async () => {
    const ids = [userId(), userId(), userId()];
    const bodies = [
      `{"user_id":"${ids[0]}","id":"${aWamid()}","timestamp":"${now()}",${said('one')}}`,
      `{"from_user_id":"${ids[1]}","id":"${aWamid()}","timestamp":"${now()}",${said('two')}}`,
    ];
    expect((await post(channel.account, entries(...bodies.map((one) => value(channel.account, [one]))))).status).toBe(
      200,
    );
    const named = value(
      channel.account,
      [`{"id":"${aWamid()}","timestamp":"${now()}",${said('three')}}`],
      `,"contacts":[{"profile":{"name":"Sheena","username":"@sheena"},"user_id":"${ids[2]}"}]`,
    );
    expect((await post(channel.account, entries(named))).status).toBe(200);
    await fleet.graph.waitForMessages(3, 40_000);
    for (const [index, text] of ['one', 'two', 'three'].entries()) {
      const [got] = fleet.graph.messagesTo(ids[index]!);
      expect(got).toMatchObject({ text: `You said: ${text}`, body: { recipient: ids[index] } });
      expect(got?.body).not.toHaveProperty('to');
    }
  });

  it('of two people in a hook with the contact of one, each is themselves', async () => {
    const [ada, ben] = [number(), number()];
    const contact = `,"contacts":[{"profile":{"name":"Ada"},"wa_id":"${ada}","user_id":"${userId()}"}]`;
    const two = [message(ada, said('I am Ada')), message(ben, said('I am Ben'))];
    expect((await post(channel.account, entries(value(channel.account, two, contact)))).status).toBe(200);
    await fleet.graph.waitForMessages(2, 40_000);
    expect([answersTo(ada), answersTo(ben)]).toEqual([['You said: I am Ada'], ['You said: I am Ben']]);
  });

  it('one body for several numbers with different secrets: each secret opens its own, and the answer comes from there', async () => {
    const [one, two] = [await fleet.open(), await fleet.open()];
    const [ada, ben] = [number(), number()];
    const body = entries(
      value(one.account, [message(ada, said('for one'))]),
      value(two.account, [message(ben, said('for two'))]),
    );
    expect((await sendHook(fleet.url(), Buffer.from(body), { secret: randomBytes(16).toString('hex') })).status).toBe(
      401,
    );
    expect((await post(one.account, body)).status).toBe(200);
    await fleet.graph.waitForMessages(1, 40_000);
    expect([answersTo(ada), answersTo(ben)]).toEqual([['You said: for one'], []]);
    expect((await post(two.account, body)).status).toBe(200);
    await fleet.graph.waitForMessages(2, 40_000);
    expect(fleet.graph.messages.map(({ accountId, to }) => [accountId, to])).toEqual([
      [one.account.id, ada],
      [two.account.id, ben],
    ]);
  });

  it('one app with several numbers: one signature is for all, and each answers from its own', async () => {
    const appSecret = randomBytes(16).toString('hex');
    const [one, two] = [
      await fleet.open('whatsapp', {}, fleet.graph.addWhatsApp({ appSecret })),
      await fleet.open('whatsapp', {}, fleet.graph.addWhatsApp({ appSecret })),
    ];
    const ada = number();
    const body = entries(
      value(one.account, [message(ada, said('first'))]),
      value(two.account, [message(ada, said('second'))]),
    );
    expect((await post(one.account, body)).status).toBe(200);
    await fleet.graph.waitForMessages(2, 40_000);
    const from = fleet.graph.messages.map(({ accountId, text }) => [accountId, text]);
    expect(from).toContainEqual([one.account.id, 'You said: first']);
    expect(from).toContainEqual([two.account.id, 'You said: second']);
  });

  it('what Meta sends once more after a week is known still', async () => {
    const [id, ada] = [aWamid(), number()];
    const body = entries(value(channel.account, [message(ada, said('Once'), id)]));
    await post(channel.account, body);
    await fleet.graph.waitForMessages(1, 40_000);
    await fleet.quiet();
    const age = (externalId: string, days: number): Promise<unknown> =>
      fleet.sql.query(
        `UPDATE channel_inbox SET received_at = now() - make_interval(days => $2), finished_at = now() - make_interval(days => $2) WHERE external_id = $1`,
        [externalId, days],
      );
    await age(id, 8);
    await fleet.sql.query(
      `INSERT INTO channel_inbox (channel_id, external_id, sender_key, kind, status, finished_at) VALUES ($1, 'old', 'x', 'status', 'done', now() - interval '31 days')`,
      [channel.id],
    );
    await eventually(
      async () =>
        (await fleet.sql.query(`SELECT 1 FROM channel_inbox WHERE external_id = 'old'`)).rows.length === 0 || undefined,
      'what is older than a month to be forgotten',
      40_000,
    );
    expect((await post(channel.account, body)).status).toBe(200);
    await fleet.quiet();
    expect(answersTo(ada)).toEqual(['You said: Once']);
    expect((await fleet.sql.query('SELECT 1 FROM channel_inbox WHERE external_id = $1', [id])).rows).toHaveLength(1);
  });

  it('hooks are acknowledged at once, while the model says nothing', async () => {
    fleet.upstream.always({ type: 'reply', headersDelayMs: 20_000 });
    const answers: HookAnswer[] = [];
    for (let index = 0; index < 30; index += 1) {
      answers.push(
        await post(channel.account, entries(value(channel.account, [message(number(), said(`n${index}`))]))),
      );
    }
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set(['200 ']));
    expect(medianOf(answers)).toBeLessThan(2000);
    fleet.upstream.always(null);
  }, 120_000);

  it('nothing of all this was a failure of ours', () => {
    expect(fleet.parley.log()).not.toContain('unexpected error');
  });
});
