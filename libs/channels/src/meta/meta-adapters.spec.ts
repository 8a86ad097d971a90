import { AppConfig } from '@app/platform';
import { aPerson, type FakeAccount, FakeGraph, graphError } from '../../../../test/support/fake-graph';
import type { ChannelAccess, ChannelSendError, OutgoingPart, Sender } from '../core/channel-adapter';
import { DEFAULT_SETTINGS } from '../core/channel-settings';
import { InstagramAdapter } from '../instagram/instagram.adapter';
import { WhatsAppAdapter } from '../whatsapp/whatsapp.adapter';
import { GraphClient } from './graph-client';

describe('sending to Meta', () => {
  const graph = new FakeGraph();
  let number: FakeAccount;
  let account: FakeAccount;
  let config: AppConfig;
  let whatsapp: WhatsAppAdapter;
  let instagram: InstagramAdapter;

  beforeAll(async () => {
    config = new AppConfig({
      DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/parley',
      SECRET_KEY: 'x'.repeat(40),
      ENCRYPTION_KEYS: `k1:${'0f'.repeat(32)}`,
      GRAPH_BASE_URL: await graph.start(),
    });
    whatsapp = new WhatsAppAdapter(new GraphClient(), config);
    instagram = new InstagramAdapter(new GraphClient(), config);
    number = graph.addWhatsApp();
    account = graph.addInstagram();
  });
  afterAll(() => graph.stop());
  beforeEach(() => graph.reset());

  const accessTo = (to: FakeAccount, change: Record<string, string> = {}): ChannelAccess => ({
    channel: {
      id: 3,
      workspaceId: 1,
      personaId: 1,
      type: to.channel,
      name: 'Shop',
      accountId: to.id,
      settings: DEFAULT_SETTINGS,
      isEnabled: true,
      problemCode: null,
      problemAt: null,
      checkedAt: null,
      createdAt: new Date(),
      updatedAt: new Date(),
    },
    credentials: {
      access_token: to.accessToken,
      app_secret: to.appSecret,
      verify_token: to.verifyToken,
      ...change,
    },
  });
  const ada: Sender = { ...aPerson({ phone: '15550001', scopedId: 'US.13491208655302741918' }) };
  const part = (change: Partial<OutgoingPart> = {}): OutgoingPart => ({
    outboxId: 7,
    to: ada,
    threadKey: '',
    kind: 'text',
    content: 'Hello',
    ...change,
  });
  const failing = (sent: Promise<unknown>): Promise<ChannelSendError> =>
    sent.then(
      () => {
        throw new Error('It was sent.');
      },
      (error: ChannelSendError) => error,
    );

  it('goes out from the number of the channel, to the number of the person, with the id of our row', async () => {
    const id = await whatsapp.send(accessTo(number), part());
    expect(graph.messages).toEqual([
      expect.objectContaining({
        id,
        accountId: number.id,
        to: '15550001',
        text: 'Hello',
        callbackData: 'parley:7',
      }),
    ]);
  });

  it('goes to the business-scoped id as recipient when there is no number', async () => {
    await whatsapp.send(accessTo(number), part({ to: { ...ada, phone: null } }));
    expect(graph.messagesTo('US.13491208655302741918')).toHaveLength(1);
    const nobody = whatsapp.send(accessTo(number), part({ to: { scopedId: null, phone: null, name: null } }));
    expect((await failing(nobody)).failure).toBe('unreachable');
  });

  it('sends a template by its name and language', async () => {
    await whatsapp.send(accessTo(number), part({ kind: 'template', content: 'come_back', language: 'de' }));
    expect(graph.messages[0]?.body.template).toEqual({ name: 'come_back', language: { code: 'de' } });
    const none = instagram.send(accessTo(account), part({ kind: 'template', content: 'come_back' }));
    expect((await failing(none)).failure).toBe('invalid');
  });

  it('shows in one call that a message was read and is being answered', async () => {
    await whatsapp.showTurnBegins(accessTo(number), 'wamid.ABC');
    expect(graph.calls.map(({ kind, body }) => [kind, body.typing_indicator])).toEqual([['read', { type: 'text' }]]);
  });

  it('writes to people on Instagram by their id, and shows that it begins', async () => {
    const to = { scopedId: '998877', phone: null, name: null };
    const id = await instagram.send(accessTo(account), part({ to }));
    expect(graph.messages).toEqual([expect.objectContaining({ id, accountId: account.id, to: '998877' })]);
    await instagram.showTurnBegins(accessTo(account), 'mid', to);
    expect(graph.calls.slice(1).map(({ body }) => body.sender_action)).toEqual(['mark_seen', 'typing_on']);
  });

  it.each([
    [190, 'refused-credentials', null],
    [10, 'refused-credentials', null],
    [131042, 'refused-credentials', null],
    [131047, 'window-closed', null],
    [131026, 'unreachable', null],
    [130429, 'rate-limited', null],
    [131056, 'rate-limited', 6000],
    [80007, 'rate-limited', 60_000],
    [131016, 'unavailable', null],
    [2, 'unavailable', null],
    [131009, 'invalid', null],
    [131051, 'invalid', null],
    [999_999, 'invalid', null],
  ])('code %i is %s, to be tried again after %p ms', async (code, failure, retryAfterMs) => {
    graph.refuse(code);
    const error = await failing(whatsapp.send(accessTo(number), part()));
    expect(error).toMatchObject({ name: 'ChannelSendError', failure, retryAfterMs, mayHaveLeft: false });
    expect(error.message).toContain(String(code));
  });

  it('tells the window of Instagram from a lack of permission by the subcode', async () => {
    graph.next({ type: 'error', error: graphError(10, { subcode: 2534022 }) });
    expect((await failing(instagram.send(accessTo(account), part()))).failure).toBe('window-closed');
  });

  it('waits as long as it is told, and longer when the code needs it', async () => {
    graph.next(
      { type: 'error', error: graphError(130429, { retryAfter: 17 }) },
      { type: 'error', error: graphError(131056, { retryAfter: 1 }) },
    );
    expect((await failing(whatsapp.send(accessTo(number), part()))).retryAfterMs).toBe(17_000);
    expect((await failing(whatsapp.send(accessTo(number), part()))).retryAfterMs).toBe(6000);
  });

  it('knows when a message may have arrived although nothing came back', async () => {
    graph.next({ type: 'taken-but-cut' }, { type: 'html', status: 502 }, { type: 'html', status: 200 });
    for (const _ of [1, 2, 3]) {
      const error = await failing(whatsapp.send(accessTo(number), part()));
      expect(error).toMatchObject({ failure: 'unavailable', mayHaveLeft: true });
    }
    const closed = new FakeGraph();
    const GRAPH_BASE_URL = await closed.start();
    await closed.stop();
    const nowhere = new WhatsAppAdapter(
      new GraphClient(),
      new AppConfig({
        DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/parley',
        SECRET_KEY: 'x'.repeat(40),
        ENCRYPTION_KEYS: `k1:${'0f'.repeat(32)}`,
        GRAPH_BASE_URL,
      }),
    );
    const refused = await failing(nowhere.send(accessTo(number), part()));
    expect(refused).toMatchObject({ failure: 'unavailable', mayHaveLeft: false });
  });

  it('does not wait for ever: what is silent is cut, and may have arrived', async () => {
    class Impatient extends GraphClient {
      protected override readonly timeoutMs = 1500;
    }
    graph.next({ type: 'taken-but-silent' });
    const error = await failing(new WhatsAppAdapter(new Impatient(), config).send(accessTo(number), part()));
    expect(error).toMatchObject({ failure: 'unavailable', mayHaveLeft: true });
    expect(graph.messages).toHaveLength(1);
  });

  it('says nothing of the person, the text or the token in an error', async () => {
    graph.next({ type: 'error', error: graphError(131009, { message: 'Bad number 15550001 for Hello' }) });
    const { message } = await failing(whatsapp.send(accessTo(number), part()));
    expect(message).not.toMatch(/15550001|Hello|EAA/);
  });

  it('fetches files of its own hosts only, and not more than wanted', async () => {
    const picture = graph.addMedia(Buffer.alloc(5000, 1), 'image/png');
    const media = { ref: picture.id, kind: 'image', contentType: null, fileName: null } as const;
    const fetched = await whatsapp.fetchMedia(accessTo(number), media, 5000);
    expect([fetched.content.length, fetched.contentType]).toEqual([5000, 'image/png']);
    expect((await failing(whatsapp.fetchMedia(accessTo(number), media, 4999))).failure).toBe('invalid');
    const strange = { ...media, ref: '../me' };
    expect((await failing(whatsapp.fetchMedia(accessTo(number), strange, 5000))).failure).toBe('invalid');

    const shown = await instagram.fetchMedia(accessTo(account), { ...media, ref: picture.url }, 5000);
    expect(shown.content.length).toBe(5000);
    const large = instagram.fetchMedia(accessTo(account), { ...media, ref: picture.url }, 100);
    expect((await failing(large)).failure).toBe('invalid');
    for (const ref of ['http://169.254.169.254/latest', 'https://example.com/x.png', 'https://fbcdn.net.evil.org/x']) {
      expect((await failing(instagram.fetchMedia(accessTo(account), { ...media, ref }, 5000))).failure).toBe('invalid');
    }
  });

  it.each([
    [graphError(100, { subcode: 33 }), 'invalid'],
    [graphError(10), 'unavailable'],
    [graphError(131031), 'unavailable'],
    [graphError(131016), 'unavailable'],
    [graphError(190), 'refused-credentials'],
    [graphError(100, { message: 'Invalid appsecret_proof provided' }), 'refused-credentials'],
  ])(
    'asked for a file, %j is %s: only what is wrong with token and secret is wrong with sending',
    async (error, failure) => {
      const { id } = graph.addMedia(Buffer.alloc(10), 'image/png');
      graph.always({ type: 'error', error }, ({ accountId }) => accountId === id);
      const media = { ref: id, kind: 'image', contentType: null, fileName: null } as const;
      expect((await failing(whatsapp.fetchMedia(accessTo(number), media, 5000))).failure).toBe(failure);
    },
  );

  it('a host of files that lets nobody in says nothing about the credentials', async () => {
    const { id, url } = graph.addMedia(Buffer.alloc(10), 'image/png');
    graph.always({ type: 'html', status: 401 }, ({ kind }) => kind === 'download');
    const media = { ref: id, kind: 'image', contentType: null, fileName: null } as const;
    expect((await failing(whatsapp.fetchMedia(accessTo(number), media, 5000))).failure).toBe('unavailable');
    const shown = instagram.fetchMedia(accessTo(account), { ...media, ref: url }, 5000);
    expect((await failing(shown)).failure).toBe('invalid');
  });

  it('finds what is wrong with a channel', async () => {
    expect((await whatsapp.check(accessTo(number))).isWorking).toBe(true);
    expect((await instagram.check(accessTo(account))).isWorking).toBe(true);
    const wrong: [Record<string, string>, RegExp][] = [
      [{ access_token: 'E'.repeat(30) }, /^The access token is expired/],
      [{ app_secret: 'f'.repeat(32) }, /^The app secret is not that of the app/],
    ];
    for (const [change, said] of wrong) {
      const { isWorking, findings } = await whatsapp.check(accessTo(number, change));
      expect(isWorking).toBe(false);
      expect(findings).toMatchObject([{ name: 'credentials', detail: expect.stringMatching(said) as string }]);
    }
    const foreign = await instagram.check({
      ...accessTo(account),
      channel: { ...accessTo(account).channel, accountId: '17840000000000' },
    });
    expect(foreign.findings.find(({ isOk }) => !isOk)?.name).toBe('account');
  });

  it.each([
    [graphError(10), 'credentials', /lacks a permission/],
    [graphError(200), 'credentials', /lacks a permission/],
    [graphError(100, { subcode: 33 }), 'credentials', /phone_number_id/],
    [graphError(131031), 'credentials', /does not let the account be used/],
    [graphError(4), 'connection', /too many calls/],
    [graphError(2), 'connection', /gives no answer/],
    [graphError(2593001), 'credentials', /GRAPH_API_VERSION/],
  ])('says in its own words what %j means, and whether the credentials are to blame', async (error, name, said) => {
    const words = 'Words of Meta that name +1 555 010 0199';
    graph.always({ type: 'error', error: { ...error, message: words } }, () => true);
    const { isWorking, findings } = await whatsapp.check(accessTo(number));
    expect({ isWorking, findings }).toMatchObject({ isWorking: false, findings: [{ name, isOk: false }] });
    expect(findings[0]?.detail).toMatch(said);
    expect(findings[0]?.detail).not.toContain('Words');
  });

  it('on Instagram says which question Meta did not answer', async () => {
    graph.always({ type: 'error', error: graphError(10) }, ({ kind }) => kind === 'subscription');
    const { findings } = await instagram.check(accessTo(account));
    expect(findings.map(({ name, isOk }) => [name, isOk])).toEqual([
      ['credentials', true],
      ['account', true],
      ['subscription', false],
    ]);
    graph.always(null);
    const deaf = graph.addInstagram({ subscribedFields: ['comments'] });
    const unsubscribed = await instagram.check(accessTo(deaf));
    expect(unsubscribed.findings.filter(({ isOk }) => !isOk).map(({ name }) => name)).toEqual(['subscription']);
  });

  it('takes credentials whole, and names what is wrong with them', () => {
    const { access_token, app_secret, verify_token } = accessTo(number).credentials;
    const given = { phone_number_id: number.id, access_token, app_secret, verify_token };
    expect(whatsapp.accept(given)).toEqual({ accountId: number.id, credentials: given });
    try {
      instagram.accept({ ...given, access_token: 'two words that are long enough' });
      throw new Error('They were taken.');
    } catch (error) {
      const { extra } = error as { extra: { errors: { field: string }[] } };
      expect(extra.errors.map(({ field }) => field)).toEqual([
        'credentials.phone_number_id',
        'credentials.account_id',
        'credentials.access_token',
      ]);
      expect(JSON.stringify(error)).not.toContain('two words');
    }
  });
});
