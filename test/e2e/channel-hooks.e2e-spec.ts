import { createHmac, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import {
  aPerson,
  asMetaWrites,
  aWamid,
  instagramText,
  sendHandshake,
  sendHook,
  signatureOf,
  text,
  whatsAppChange,
  whatsAppHook,
  whatsAppMessage,
  whatsAppMessages,
  whatsAppText,
} from '../support/fake-graph';
import { eventually } from '../support/process';

describe('hooks of WhatsApp and Instagram', () => {
  const fleet = new ChannelFleet();
  let channel: OpenChannel;

  beforeAll(async () => {
    await fleet.start();
    channel = await fleet.open();
  });
  afterAll(() => fleet.stop());
  afterEach(() => fleet.quiet());
  beforeEach(() => fleet.reset());

  const stored = async (id: string): Promise<number> =>
    (await fleet.sql.query('SELECT 1 FROM channel_inbox WHERE external_id = $1', [id])).rows.length;
  /** A text in a hook of its own, with its id. */
  const aText = (body: string, account = channel.account): { id: string; hook: Record<string, unknown> } => {
    const id = aWamid();
    return { id, hook: whatsAppText(account, aPerson(), body, { id }) };
  };

  describe('the handshake', () => {
    it('answers the challenge as plain text to whoever knows the token of a channel', async () => {
      for (const path of ['', `/${channel.id}`]) {
        const answer = await sendHandshake(fleet.url('whatsapp', path), channel.account.verifyToken, '1158201444');
        expect(answer).toMatchObject({ status: 200, body: '1158201444' });
        expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
      }
      const gram = await fleet.open('instagram');
      const answer = await sendHandshake(fleet.url('instagram'), gram.account.verifyToken, '<b>7</b>');
      expect(answer).toMatchObject({ status: 200, body: '<b>7</b>' });
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    });

    it.each([
      ['a wrong token', '?hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong'],
      ['no token', '?hub.mode=subscribe&hub.challenge=1'],
      ['nothing', ''],
      ['the token twice', '?hub.mode=subscribe&hub.challenge=1&hub.verify_token=TOKEN&hub.verify_token=TOKEN'],
      ['another mode', '?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=TOKEN'],
      ['no challenge', '?hub.mode=subscribe&hub.verify_token=TOKEN'],
      ['NUL', '?hub.mode=subscribe&hub.challenge=1&hub.verify_token=%00'],
    ])('refuses %s with 403', async (_what, query) => {
      const answer = await fetch(`${fleet.url()}${query.replaceAll('TOKEN', channel.account.verifyToken)}`);
      expect(answer.status).toBe(403);
    });

    it('at the address of a channel only its own token counts', async () => {
      const other = await fleet.open();
      const url = fleet.url('whatsapp', `/${channel.id}`);
      expect((await sendHandshake(url, other.account.verifyToken)).status).toBe(403);
      expect((await sendHandshake(fleet.url('whatsapp', '/abc'), channel.account.verifyToken)).status).toBe(403);
      expect((await sendHandshake(fleet.url('instagram'), channel.account.verifyToken)).status).toBe(403);
      expect([401, 404]).toContain((await sendHandshake(fleet.url('telegram'), channel.account.verifyToken)).status);
    });
  });

  describe('the signature', () => {
    it('is of the raw bytes, whatever JSON would make of them', async () => {
      const { id, hook } = aText('Grüße/😀');
      const bytes = asMetaWrites(hook);
      expect(bytes.toString()).not.toBe(JSON.stringify(hook));
      expect((await fleet.hook(channel, bytes)).status).toBe(200);
      expect(await stored(id)).toBe(1);
      await fleet.askedAbout(1);
      expect(fleet.asked).toEqual(['Grüße/😀']);
    });

    it.each([
      ['none', undefined],
      ['of another secret', 'OTHER'],
      ['of other bytes', 'BYTES'],
      ['with SHA-1', 'SHA1'],
      ['cut', 'CUT'],
      ['no hex', `sha256=${'z'.repeat(64)}`],
      ['empty', ''],
    ])('when it is %s the answer is 401, and nothing is stored', async (_what, kind) => {
      const { id, hook } = aText('Forged');
      const bytes = asMetaWrites(hook);
      const { appSecret } = channel.account;
      const right = signatureOf(bytes, appSecret);
      const signatures: Record<string, string> = {
        OTHER: signatureOf(bytes, randomBytes(16).toString('hex')),
        BYTES: signatureOf(Buffer.concat([bytes, Buffer.from(' ')]), appSecret),
        SHA1: `sha1=${createHmac('sha1', appSecret).update(bytes).digest('hex')}`,
        CUT: right.slice(0, -2),
      };
      const given = kind === undefined ? undefined : (signatures[kind] ?? kind);
      const headers: Record<string, string> = given === undefined ? {} : { 'x-hub-signature-256': given };
      for (const path of ['', `/${channel.id}`]) {
        expect((await sendHook(fleet.url('whatsapp', path), bytes, { secret: null, headers })).status).toBe(401);
      }
      expect(await stored(id)).toBe(0);
    });

    it('an account that nobody has here is refused like a forged hook', async () => {
      const unknown = fleet.graph.addWhatsApp();
      const wrong = await sendHook(fleet.url(), aText('x').hook, { secret: unknown.appSecret });
      const none = await sendHook(fleet.url(), aText('x', unknown).hook, { secret: unknown.appSecret });
      expect(none.status).toBe(401);
      expect({ ...JSON.parse(none.body), request_id: '' }).toEqual({ ...JSON.parse(wrong.body), request_id: '' });
    });

    it('one tenant cannot sign for the number of another: of a mixed hook only their own is taken', async () => {
      const other = await fleet.open();
      const [mine, theirs] = [aWamid(), aWamid()];
      const mixed = whatsAppHook(
        whatsAppMessages(other.account, aPerson(), [whatsAppMessage(aPerson(), text('own'), { id: mine })]),
        whatsAppMessages(channel.account, aPerson(), [whatsAppMessage(aPerson(), text('stolen'), { id: theirs })]),
      );
      expect((await fleet.hook(other, mixed)).status).toBe(200);
      expect([await stored(mine), await stored(theirs)]).toEqual([1, 0]);
      const only = aText('stolen');
      expect((await sendHook(fleet.url(), only.hook, { secret: other.account.appSecret })).status).toBe(401);
      const path = fleet.url('whatsapp', `/${channel.id}`);
      expect((await sendHook(path, only.hook, { secret: other.account.appSecret })).status).toBe(401);
      expect(await stored(only.id)).toBe(0);
    });

    it('two tenants may claim one number: whose secret signs, has it', async () => {
      const account = { ...channel.account, appSecret: randomBytes(16).toString('hex') };
      const squatter = await fleet.open('whatsapp', {}, account);
      const { id, hook } = aText('for the first');
      expect((await fleet.hook(channel, hook)).status).toBe(200);
      const { rows } = await fleet.sql.query('SELECT channel_id FROM channel_inbox WHERE external_id = $1', [id]);
      expect(rows.map(({ channel_id }) => Number(channel_id))).toEqual([channel.id]);
      expect(await fleet.inbox(squatter.id)).toEqual([]);
    });

    it('Instagram has a secret of its own', async () => {
      const gram = await fleet.open('instagram');
      const hook = instagramText(gram.account, aPerson(), 'Hello');
      expect((await sendHook(fleet.url('instagram'), hook, { secret: channel.account.appSecret })).status).toBe(401);
      expect((await fleet.hook(gram, hook)).status).toBe(200);
      expect((await sendHook(fleet.url('whatsapp'), hook, { secret: gram.account.appSecret })).status).not.toBe(500);
    });

    it('a channel that is switched off keeps what comes, answers nobody, and shakes no hands until it is on again', async () => {
      const off = await fleet.open();
      const person = aPerson();
      await off.owner.request('PATCH', `/channels/${off.id}`, { is_enabled: false });
      for (const text of ['Anybody', 'there?']) expect((await fleet.say(off, person, text)).status).toBe(200);
      expect(
        (await sendHook(fleet.url('whatsapp'), whatsAppText(off.account, person, 'Forged'), { secret: 'x' })).status,
      ).toBe(401);
      await fleet.say(channel, aPerson(), 'An open door');
      await fleet.settled(channel.id);
      expect(await fleet.inbox(off.id)).toMatchObject([
        { status: 'pending', reason: 'channel_disabled', attempts: 0 },
        { status: 'pending', reason: 'channel_disabled', attempts: 0 },
      ]);
      await off.owner.request('PATCH', `/channels/${off.id}`, { is_enabled: true });
      await fleet.settled(off.id);
      expect((await fleet.inbox(off.id)).map(({ status }) => status)).toEqual(['done', 'done']);
    });
  });

  describe('acknowledging', () => {
    it('does not wait for the model, and what is acknowledged is stored by then', async () => {
      fleet.upstream.next({ type: 'reply', headersDelayMs: 20_000 });
      const { id, hook } = aText('Slow');
      const answer = await fleet.hook(channel, hook);
      expect(answer).toMatchObject({ status: 200, body: '' });
      expect(await stored(id)).toBe(1);
      expect(answer.latencyMs).toBeLessThan(15_000);
      await fleet.askedAbout(1);
      await fleet.settled(channel.id);
    });

    it('a hook that comes again, also at the same moment, is stored and answered once', async () => {
      const { id, hook } = aText('Once');
      const answers = await Promise.all(Array.from({ length: 8 }, () => fleet.hook(channel, hook)));
      expect(answers.map(({ status }) => status)).toEqual(Array<number>(8).fill(200));
      await fleet.askedAbout(1);
      expect((await fleet.hook(channel, hook)).status).toBe(200);
      await fleet.settled(channel.id);
      expect(await stored(id)).toBe(1);
      expect(fleet.asked).toEqual(['Once']);
    });

    it('takes every message of every change of every entry, each for the number that received it', async () => {
      const [one, two] = [
        await fleet.open('whatsapp', {}, { ...fleet.graph.addWhatsApp(), appSecret: 'shared-secret-of-one-app' }),
        await fleet.open('whatsapp', {}, { ...fleet.graph.addWhatsApp(), appSecret: 'shared-secret-of-one-app' }),
      ];
      const [ada, ben] = [aPerson(), aPerson()];
      const message = (body: string): Record<string, unknown> => whatsAppMessage(ada, text(body));
      const body = {
        object: 'whatsapp_business_account',
        entry: [
          ...(whatsAppHook(
            whatsAppMessages(one.account, ada, [message('a1'), message('a2')]),
            whatsAppMessages(two.account, ben, [whatsAppMessage(ben, text('b1'))]),
          ).entry as unknown[]),
          ...(whatsAppHook(whatsAppMessages(one.account, ada, [message('a3')])).entry as unknown[]),
        ],
      };
      expect((await fleet.hook(one, body)).status).toBe(200);
      await fleet.askedAbout(4);
      expect(fleet.asked.filter((asked) => asked.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
      expect(await fleet.conversations(one.id)).toMatchObject([{ user: ada.scopedId }]);
      expect(await fleet.conversations(two.id)).toMatchObject([{ user: ben.scopedId }]);
    });
  });

  describe('junk', () => {
    const signed = (bytes: Buffer, headers: Record<string, string> = {}) =>
      sendHook(fleet.url('whatsapp', `/${channel.id}`), bytes, { secret: channel.account.appSecret, headers });

    it.each([
      ['text/plain', 415],
      ['application/x-www-form-urlencoded', 415],
      ['multipart/form-data; boundary=x', 415],
      ['application/xml', 415],
      ['application/json; charset=utf-8', 200],
    ])('of the content type %s is answered with %i', async (type, status) => {
      const bytes = asMetaWrites(aText('Hello').hook);
      expect((await signed(bytes, { 'content-type': type })).status).toBe(status);
    });

    it('of 5 MB is refused with 413, of 2 MB is taken', async () => {
      const of = (bytes: number) => asMetaWrites({ ...aText('Large').hook, padding: 'x'.repeat(bytes) });
      expect((await signed(of(5_000_000))).status).toBe(413);
      expect((await fleet.hook(channel, of(5_000_000))).status).toBe(413);
      expect((await fleet.hook(channel, of(2_000_000))).status).toBe(200);
    });

    it.each([
      ['no JSON', 'hello'],
      ['nothing', ''],
      ['half of it', '{"object":"whatsapp_business_account","entry":[{'],
      ['a number', '7'],
      ['null', 'null'],
      ['a list', '[]'],
      ['no entries', '{"object":"whatsapp_business_account"}'],
      ['entries that are none', '{"entry":[null,7,"x",{"changes":"x"},{"changes":[null,{"value":7}]}]}'],
      ['10,000 levels', `{"entry":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
      ['prototypes', '{"__proto__":{"entry":[]},"constructor":{"prototype":{}},"entry":[{"__proto__":null}]}'],
      ['another object', '{"object":"page","entry":[{"id":"1","changes":[{"field":"feed","value":{"item":"post"}}]}]}'],
    ])('that is signed and is %s is acknowledged, and forgotten', async (_what, body) => {
      const before = (await fleet.inbox(channel.id)).length;
      expect((await signed(Buffer.from(body))).status).toBe(200);
      expect((await sendHook(fleet.url(), Buffer.from(body), { secret: null })).status).toBe(401);
      expect(await fleet.inbox(channel.id)).toHaveLength(before);
    });

    it('invalid UTF-8 is taken: the signature is of bytes', async () => {
      const id = aWamid();
      const json = JSON.stringify(whatsAppText(channel.account, aPerson(), 'caf#', { id }));
      const bytes = Buffer.concat([
        Buffer.from(json.slice(0, json.indexOf('#'))),
        Buffer.from([0xff, 0xfe]),
        Buffer.from(json.slice(json.indexOf('#') + 1)),
      ]);
      expect((await fleet.hook(channel, bytes)).status).toBe(200);
      expect(await stored(id)).toBe(1);
      await fleet.askedAbout(1);
      expect(fleet.asked).toEqual(['caf\ufffd\ufffd']);
    });

    it.each([
      ['a clock years behind', { timestamp: '1000000000' }],
      ['a clock years ahead', { timestamp: '4102444800' }],
      ['milliseconds', { timestamp: String(Date.now()) }],
      ['no time', { timestamp: null }],
      ['words for a time', { timestamp: 'yesterday' }],
      ['fields from the future', { hologram: { depth: 3 }, context: { forwarded_by_robot: true } }],
    ])('a message with %s is answered', async (what, change) => {
      expect((await fleet.say(channel, aPerson(), what, change)).status).toBe(200);
      await fleet.askedAbout(1);
      expect(fleet.asked).toEqual([what]);
    });

    it('news that is for no number, such as of templates, is acknowledged when a channel’s secret signs it', async () => {
      const news = {
        object: 'whatsapp_business_account',
        entry: [{ id: '1', changes: [{ field: 'message_template_status_update', value: { event: 'APPROVED' } }] }],
      };
      expect((await fleet.hook(channel, news)).status).toBe(200);
      expect((await sendHook(fleet.url(), news, { secret: randomBytes(16).toString('hex') })).status).toBe(401);
      const field = whatsAppHook(whatsAppChange(channel.account, { something: 'new' }, 'field_of_2030'));
      expect((await fleet.hook(channel, field)).status).toBe(200);
    });

    it('what begins a request and does not end it keeps nobody', async () => {
      const { port } = new URL(fleet.parley.url);
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(
        'POST /webhooks/whatsapp HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{',
      );
      expect((await fleet.say(channel, aPerson(), 'Hello')).status).toBe(200);
      socket.destroy();
    });

    it('is counted, and never a failure of ours', async () => {
      await signed(Buffer.from('junk'));
      await eventually(async () => {
        const metrics = await (await fetch(`${fleet.parley.url}/metrics`)).text();
        const count = (outcome: string): RegExpExecArray | null =>
          new RegExp(`parley_channel_hooks_total\\{[^}]*outcome="${outcome}"[^}]*\\} [1-9]`).exec(metrics);
        return count('unsigned') && count('unintelligible') && count('taken') ? true : undefined;
      }, 'hooks to be counted');
      expect(fleet.parley.log()).not.toContain('unexpected error');
      expect(fleet.parley.log()).not.toMatch(/"(responseStatus|status|statusCode)":500/);
    });
  });

  it('the logs tell of no person and no text', async () => {
    const person = aPerson({ name: 'Wilhelmine Distelfink' });
    const id = aWamid();
    await fleet.say(channel, person, 'Ein sehr vertrauliches Anliegen', { id });
    await fleet.askedAbout(1);
    await fleet.settled(channel.id);
    const log = fleet.parley.log();
    for (const secret of [
      person.phone!,
      person.scopedId!,
      'Distelfink',
      'vertrauliches',
      channel.account.appSecret,
      id,
    ]) {
      expect(log).not.toContain(secret);
    }
  });

  it('what waits in the inbox is encrypted, and erased when it is done', async () => {
    const one = await fleet.open();
    await fleet.parley.worker.kill();
    await fleet.say(one, aPerson(), 'Confidential');
    const [waiting] = await fleet.inbox(one.id);
    expect(waiting?.payload).toMatch(/^enc:/);
    await fleet.parley.startWorker();
    const [done] = await fleet.settled(one.id);
    expect(done).toMatchObject({ status: 'done', payload: null });
    expect(await fleet.conversations(one.id)).toMatchObject([{ owner: 'ai' }]);
  });
});
