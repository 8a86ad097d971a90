import { randomBytes } from 'node:crypto';
import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import { aMid, type FakeAccount, sendHook } from '../support/fake-graph';

/** What is fed in here are bytes, written as Meta's pages have them, against running processes. */
describe('what Meta sends for Instagram, byte by byte', () => {
  const fleet = new ChannelFleet();
  let gram: OpenChannel;

  beforeAll(async () => {
    await fleet.start();
    gram = await fleet.open('instagram');
  });
  afterAll(() => fleet.stop());
  afterEach(() => fleet.quiet());
  beforeEach(() => fleet.reset());

  const post = (account: FakeAccount, body: string | Buffer) =>
    sendHook(fleet.url('instagram'), Buffer.isBuffer(body) ? body : Buffer.from(body), { secret: account.appSecret });
  const answersTo = (person: string): string[] => fleet.graph.messagesTo(person).map(({ text }) => text);
  const item = (person: string, content: string, timestamp = String(Date.now())): string =>
    `{"sender":{"id":"${person}"},"recipient":{"id":"${gram.account.id}"},"timestamp":${timestamp},${content}}`;
  const text = (body: string, mid = aMid()): string => `"message":{"mid":"${mid}","text":"${body}"}`;
  const hook = (items: string[], account = gram.account): string =>
    `{"object":"instagram","entry":[{"id":"${account.id}","time":${Date.now()},"messaging":[${items.join(',')}]}]}`;
  const person = (): string => `17841${String(randomBytes(6).readUIntBE(0, 6)).padStart(15, '2')}`;

  it('a message is known by its mid, however often and in parallel it comes', async () => {
    const [ada, mid] = [person(), aMid()];
    const bytes = Buffer.from(hook([item(ada, text('Hi', mid))]));
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(gram.account, bytes)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(6).fill(200));
    // Also when it is sent again in another body.
    await post(gram.account, hook([item(ada, text('Hi', mid), '1700000000000'), item(ada, text('Hi again'))]));
    await fleet.graph.waitFor(() => answersTo(ada).includes('You said: Hi again'), 40_000);
    expect(answersTo(ada)).toEqual(['You said: Hi', 'You said: Hi again']);
  });

  /** The time of day two hours east of UTC. */
  const inTwoHours = (): Date => new Date(Date.now() + 7_200_000);
  it.each([
    ['milliseconds', () => String(Date.now())],
    ['milliseconds as a text', () => `"${Date.now()}"`],
    ['an ISO 8601 text', () => `"${new Date().toISOString()}"`],
    ['an ISO 8601 text with an offset', () => `"${inTwoHours().toISOString().slice(0, 19)}+0200"`],
    ['a clock that runs a year ahead', () => String(Date.now() + 31_536_000_000)],
    ['a clock that is years behind', () => '1000000000000'],
    ['a number that is no time', () => '1e300'],
    ['words', () => '"just now"'],
    ['null', () => 'null'],
  ])('with the time as %s is answered', async (_what, timestamp) => {
    const ada = person();
    expect((await post(gram.account, hook([item(ada, text('What time is it?'), timestamp())]))).status).toBe(200);
    await fleet.graph.waitFor(() => answersTo(ada).length === 1, 40_000);
  });

  it('echoes, reads, reactions, edits and unsends are not answered; what people choose is', async () => {
    const [ada, ben] = [person(), person()];
    const own = gram.account.id;
    const items = [
      `{"sender":{"id":"${own}"},"recipient":{"id":"${ben}"},"timestamp":1,"message":{"mid":"${aMid()}","text":"By hand","is_echo":true}}`,
      item(ada, '"read":{"mid":"m_1"}'),
      item(ada, '"reaction":{"mid":"m_1","action":"react","reaction":"love","emoji":"\\u2764"}'),
      item(ada, `"message_edit":{"mid":"m_1","text":"Edited","num_edit":1}`),
      item(ada, `"message":{"mid":"${aMid()}","is_deleted":true}`),
      item(ada, '"hologram":{"depth":3}'),
      item(ada, `"message":{"mid":"${aMid()}","text":"Yes please","quick_reply":{"payload":"YES"}}`),
      item(ada, `"postback":{"mid":"${aMid()}","title":"Opening hours","payload":"HOURS"}`),
    ];
    expect((await post(gram.account, hook(items))).status).toBe(200);
    await fleet.graph.waitFor(() => answersTo(ada).length === 2, 40_000);
    await fleet.quiet();
    expect(answersTo(ada)).toEqual(['You said: Yes please', 'You said: Opening hours']);
    expect(answersTo(ben)).toEqual([]);
    const conversations = await fleet.conversations(gram.id);
    expect(conversations.find(({ user }) => user === ben)).toMatchObject({ owner: 'human', roles: ['agent'] });
  });

  it('two accounts in one hook have secrets of their own', async () => {
    const other = await fleet.open('instagram');
    const [ada, ben] = [person(), person()];
    const one = (account: FakeAccount, who: string): string =>
      `{"id":"${account.id}","time":1,"messaging":[{"sender":{"id":"${who}"},"recipient":{"id":"${account.id}"},"timestamp":${Date.now()},${text('Hello')}}]}`;
    const body = `{"object":"instagram","entry":[${one(gram.account, ada)},${one(other.account, ben)}]}`;
    expect((await post(other.account, body)).status).toBe(200);
    await fleet.graph.waitFor(() => answersTo(ben).length === 1, 40_000);
    expect(fleet.graph.messages.map(({ accountId }) => accountId)).toEqual([other.account.id]);
  });

  it.each([
    ['a form', 'object=instagram', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['text', '{}', { 'content-type': 'text/plain' }, 415],
    ['5 MB', `{"entry":[],"padding":"${'x'.repeat(5_000_000)}"}`, {}, 413],
    ['no JSON', 'Hello', {}, 200],
    ['half of one', '{"object":"instagram","entry":[{"id":', {}, 200],
    ['entries without a person', `{"entry":[{"id":"ID","messaging":[{},{"message":{}},null,7,[]]}]}`, {}, 200],
    ['an unknown field', `{"entry":[{"id":"ID","changes":[{"field":"holograms","value":{"x":1}}]}]}`, {}, 200],
    [
      'a wrong kind of everything',
      `{"entry":[{"id":"ID","messaging":[{"sender":{"id":"7"},"message":{"mid":7,"text":{},"attachments":"x"}}]}]}`,
      {},
      200,
    ],
  ])('%s that is signed is answered as it needs it, and never repeated', async (_what, body, headers, status) => {
    const bytes = Buffer.from(body.replaceAll('"ID"', `"${gram.account.id}"`));
    const url = fleet.url('instagram', `/${gram.id}`);
    const answer = await sendHook(url, bytes, { secret: gram.account.appSecret, headers });
    expect(answer.status).toBe(status);
    const unsigned = await sendHook(url, bytes, { secret: null, headers });
    expect(unsigned.status).toBe(status === 200 ? 401 : status);
    await fleet.quiet();
    expect(fleet.graph.messages).toEqual([]);
  });

  it('bytes that are no UTF-8 are signed as they are, and read as well as can be', async () => {
    const ada = person();
    const [head, tail] = hook([item(ada, text('caf#'))]).split('#') as [string, string];
    const bytes = Buffer.concat([Buffer.from(head), Buffer.from([0xe9, 0xff]), Buffer.from(tail)]);
    expect((await post(gram.account, bytes)).status).toBe(200);
    await fleet.graph.waitFor(() => answersTo(ada).length === 1, 40_000);
    expect(answersTo(ada)).toEqual(['You said: caf\ufffd\ufffd']);
  });

  it('nothing of all this was a failure of ours', () => {
    expect(fleet.parley.log()).not.toContain('unexpected error');
  });
});
