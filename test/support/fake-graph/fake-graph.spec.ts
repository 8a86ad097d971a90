import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aPerson, asMetaWrites, type FakeAccount, FakeGraph, sendHook, whatsAppText } from '.';

describe('the fake Graph API', () => {
  const graph = new FakeGraph();
  let number: FakeAccount;
  let account: FakeAccount;

  beforeAll(async () => {
    await graph.start();
    number = graph.addWhatsApp();
    account = graph.addInstagram();
  });
  afterAll(() => graph.stop());
  beforeEach(() => graph.reset());

  const post = (path: string, body: unknown, token: string): Promise<Response> =>
    fetch(`${graph.baseUrl}/v26.0/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
  const say = (body: string, change: Record<string, unknown> = {}): Promise<Response> =>
    post(
      `${number.id}/messages`,
      { messaging_product: 'whatsapp', to: '15550001', type: 'text', text: { body }, ...change },
      number.accessToken,
    );

  it('takes a message of WhatsApp and remembers it', async () => {
    const answer = await say('Hello', { biz_opaque_callback_data: 'outbox:7' });
    expect(answer.status).toBe(200);
    const { messages } = (await answer.json()) as { messages: { id: string }[] };
    expect(graph.messages).toEqual([
      expect.objectContaining({
        id: messages[0]?.id,
        accountId: number.id,
        to: '15550001',
        text: 'Hello',
        callbackData: 'outbox:7',
      }),
    ]);
  });

  it('refuses what Meta refuses, with its codes', async () => {
    expect((await say('x'.repeat(4097))).status).toBe(400);
    expect((await post(`${number.id}/messages`, {}, 'wrong')).status).toBe(401);
    const foreign = await post(`${account.id}/messages`, { messaging_product: 'whatsapp' }, number.accessToken);
    expect(await foreign.json()).toMatchObject({ error: { code: 100, error_subcode: 33 } });
    const bytes = { recipient: { id: '99' }, message: { text: 'ü'.repeat(501) } };
    expect((await post('me/messages', bytes, account.accessToken)).status).toBe(400);
    expect(graph.messages).toEqual([]);
  });

  it('says 200 to a business-scoped id in `to` and delivers nothing, as Meta does', async () => {
    expect((await say('Hello', { to: 'US.13491208655302741918' })).status).toBe(200);
    expect(graph.messages).toEqual([]);
    expect((await say('Hello', { to: undefined, recipient: 'US.13491208655302741918' })).status).toBe(200);
    expect(graph.messagesTo('US.13491208655302741918')).toHaveLength(1);
  });

  it('fails as it is told, in the order it is told', async () => {
    graph.refuse(131056).next({ type: 'taken-but-cut' });
    expect(await (await say('one')).json()).toMatchObject({ error: { code: 131056, type: 'OAuthException' } });
    await expect(say('two')).rejects.toThrow();
    expect((await say('three')).status).toBe(200);
    expect(graph.messages.map(({ text }) => text)).toEqual(['two', 'three']);
  });

  it('keeps the rate of a pair', async () => {
    graph.pairRateMs = 60_000;
    expect((await say('one')).status).toBe(200);
    expect((await say('two')).status).toBe(400);
  });

  it('holds an answer until it is told to go on', async () => {
    graph.next({ type: 'held' });
    const answer = say('slow');
    await graph.waitForMessages(1);
    expect(graph.calls.at(-1)?.status).toBeNull();
    graph.release();
    expect((await answer).status).toBe(200);
  });

  it('gives files to those who have the token only', async () => {
    const media = graph.addMedia(Buffer.from('bytes'), 'image/png');
    const headers = { authorization: `Bearer ${number.accessToken}` };
    const info = (await (await fetch(`${graph.baseUrl}/v26.0/${media.id}`, { headers })).json()) as { url: string };
    expect((await fetch(info.url)).status).toBe(401);
    expect(await (await fetch(info.url, { headers })).text()).toBe('bytes');
    expect(await (await fetch(media.url)).text()).toBe('bytes');
  });

  it('signs hooks over exactly the bytes that it sends, and tells what became of a message', async () => {
    const got: { isSigned: boolean; body: string }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const expected = createHmac('sha256', number.appSecret).update(bytes).digest('hex');
        got.push({
          isSigned: request.headers['x-hub-signature-256'] === `sha256=${expected}`,
          body: bytes.toString(),
        });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const body = whatsAppText(number, aPerson(), 'Grüße https://example.org 👋');
      expect((await sendHook(url, body, { secret: number.appSecret })).status).toBe(200);
      expect(asMetaWrites(body).toString()).toContain('https:\\/\\/');
      await say('Hello', { biz_opaque_callback_data: '42' });
      const [message] = graph.messages;
      if (!message) throw new Error('Nothing was sent.');
      await graph.sendStatus(url, message, 'delivered');
      expect(got.map(({ isSigned }) => isSigned)).toEqual([true, true]);
      expect(JSON.parse(got[1]?.body ?? '')).toMatchObject({
        entry: [{ changes: [{ value: { statuses: [{ status: 'delivered', biz_opaque_callback_data: '42' }] } }] }],
      });
    } finally {
      server.close();
    }
  });
});
