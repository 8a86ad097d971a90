import { createPostgresBackend, withBackend } from 'bullmq';
import { Client as Postgres } from 'pg';
import { Client, type Message, type Problem, type SendAnswer } from '../support/client';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { aGif, aPng } from '../support/pictures';
import { eventually, untilLogged } from '../support/process';

interface Upload {
  id: string;
  content_type: string;
  size_bytes: number;
  width: number;
  height: number;
  created_at: string;
  expires_at: string;
}

type Pictured = Message & { images: { url: string | null; upload_id: string | null; detail: string }[] };

const LIMIT = 50_000;
const dataUrl = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString('base64')}`;

describe('pictures', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let user: Client;
  let stranger: Client;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      UPLOAD_MAX_BYTES: String(LIMIT),
      UPLOAD_QUOTA_BYTES: '150000',
      // Smaller than a picture: the limit for JSON must not be that for pictures.
      BODY_LIMIT_BYTES: '40000',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    user = await Client.register(() => parley.url);
    stranger = await Client.register(() => parley.url);
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });
  beforeEach(() => upstream.reset());

  const put = (bytes: Buffer | ReadableStream | string, type: string | null, client = user): Promise<Response> =>
    fetch(`${parley.url}/chat/uploads`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.token}`, ...(type === null ? {} : { 'content-type': type }) },
      body: typeof bytes === 'string' || bytes instanceof ReadableStream ? bytes : new Uint8Array(bytes),
      ...(bytes instanceof ReadableStream ? { duplex: 'half' } : {}),
    });

  const uploaded = async (bytes = aPng(), client = user): Promise<Upload> => {
    const response = await put(bytes, 'image/png', client);
    expect(response.status).toBe(201);
    return (await response.json()) as Upload;
  };

  const send = (conversation: number, content: string, images?: object[], client = user) =>
    client.request<SendAnswer & Problem>('POST', `/chat/conversations/${conversation}/send`, { content, images });

  const remaining = async (id: string): Promise<number> =>
    (await sql.query('SELECT 1 FROM uploads WHERE id = $1', [id])).rowCount ?? 0;

  it('are stored as they come, told by their header, and given back to nobody but their owner', async () => {
    const bytes = aPng(20, 30, 45_000);
    const upload = await uploaded(bytes);
    expect(upload).toMatchObject({ content_type: 'image/png', size_bytes: bytes.length, width: 20, height: 30 });
    expect(upload.id).toMatch(/^upl_[\w-]{24}$/);
    const hours = (Date.parse(upload.expires_at) - Date.parse(upload.created_at)) / 3_600_000;
    expect(hours).toBe(24);
    const url = `${parley.url}/chat/uploads/${upload.id}`;
    const own = await fetch(url, { headers: { authorization: `Bearer ${user.token}` } });
    expect(Buffer.from(await own.arrayBuffer()).equals(bytes)).toBe(true);
    expect(own.headers.get('content-type')).toBe('image/png');
    expect(own.headers.get('x-content-type-options')).toBe('nosniff');
    expect(own.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    for (const method of ['GET', 'DELETE']) {
      const foreign = await fetch(url, { method, headers: { authorization: `Bearer ${stranger.token}` } });
      expect(foreign.status).toBe(404);
      expect(((await foreign.json()) as Problem).code).toBe('UPLOAD.NOT_FOUND');
    }
    expect((await user.request('DELETE', `/chat/uploads/${upload.id}`)).status).toBe(204);
    expect((await user.request('GET', `/chat/uploads/${upload.id}`)).status).toBe(404);
  });

  it.each<[string, number, string, () => Promise<Response>]>([
    ['a text', 415, 'UPLOAD.MEDIA_TYPE', () => put('hello', 'text/plain')],
    ['JSON', 415, 'UPLOAD.MEDIA_TYPE', () => put('{}', 'application/json')],
    ['a picture of a kind that is not taken', 415, 'UPLOAD.MEDIA_TYPE', () => put('BM', 'image/bmp')],
    ['bytes that nobody names', 415, 'UPLOAD.MEDIA_TYPE', () => put(aPng(), null)],
    ['nothing', 422, 'REQUEST.INVALID', () => put('', 'image/png')],
    ['a GIF that says it is a PNG', 422, 'REQUEST.INVALID', () => put(aGif(), 'image/png')],
    ['a page that says it is a PNG', 422, 'REQUEST.INVALID', () => put('<script>alert(1)</script>', 'image/png')],
    ['a PNG without its header', 422, 'REQUEST.INVALID', () => put(aPng().subarray(0, 12), 'image/png')],
    ['a picture with too many pixels', 422, 'REQUEST.INVALID', () => put(aPng(10_001, 1), 'image/png')],
    ['too many bytes', 413, 'REQUEST.TOO_LARGE', () => put(aPng(1, 1, LIMIT), 'image/png')],
    [
      'too many bytes without saying how many',
      413,
      'REQUEST.TOO_LARGE',
      () => put(new Blob([new Uint8Array(aPng(1, 1, LIMIT * 4))]).stream(), 'image/png'),
    ],
  ])('are refused with words when they are %s', async (_what, status, code, request) => {
    const response = await request();
    const body = (await response.json()) as Problem;
    expect({ status: response.status, code: body.code }).toEqual({ status, code });
    expect(body.detail).toMatch(/^body: .{10,}/);
  });

  it('are taken from nobody without a login, and nowhere else', async () => {
    const anonymous = await fetch(`${parley.url}/chat/uploads`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(aPng()),
    });
    expect(anonymous.status).toBe(401);
    const elsewhere = await fetch(`${parley.url}/personas`, {
      method: 'POST',
      headers: { 'content-type': 'image/png', authorization: `Bearer ${user.token}` },
      body: new Uint8Array(aPng()),
    });
    expect(elsewhere.status).toBe(415);
  });

  it('are limited in sum as long as no message uses them, also when many come at once', async () => {
    const client = await Client.register(() => parley.url);
    const bytes = aPng(1, 1, 45_000);
    const answers = await Promise.all(Array.from({ length: 8 }, () => put(bytes, 'image/png', client)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const refused = answers.find(({ status }) => status !== 201)!;
    expect(refused.status).toBe(409);
    expect(((await refused.json()) as Problem).code).toBe('UPLOAD.QUOTA_EXCEEDED');
    const kept = (await answers.find(({ status }) => status === 201)!.json()) as Upload;
    await send(await client.conversation(), 'Look', [{ upload_id: kept.id }], client);
    expect((await put(bytes, 'image/png', client)).status).toBe(201);
  });

  it('reach the model as bytes or as a URL, are shown with the message, and come along in the next prompt', async () => {
    const bytes = aPng(5, 5);
    const upload = await uploaded(bytes);
    const conversation = await user.conversation();
    const url = 'https://example.com/cat.png?size=2';
    const { status, body } = await send(conversation, 'What is this?', [
      { upload_id: upload.id, detail: 'low' },
      { url },
    ]);
    expect(status).toBe(200);
    expect((body.user_message as Pictured).images).toEqual([
      { url: null, upload_id: upload.id, detail: 'low' },
      { url, upload_id: null, detail: 'auto' },
    ]);
    const asked = {
      role: 'user',
      content: [
        { type: 'input_text', text: 'What is this?' },
        { type: 'input_image', image_url: dataUrl(bytes), detail: 'low' },
        { type: 'input_image', image_url: url, detail: 'auto' },
      ],
    };
    expect(upstream.requests[0]?.body.input).toEqual([asked]);
    await send(conversation, 'And now?');
    expect(upstream.requests[1]?.body.input).toEqual([
      asked,
      { role: 'assistant', content: 'You said: What is this?' },
      { role: 'user', content: 'And now?' },
    ]);
    const inUse = await user.request<Problem>('DELETE', `/chat/uploads/${upload.id}`);
    expect([inUse.status, inUse.body.code]).toEqual([409, 'UPLOAD.IN_USE']);
  });

  it('are erased with their message, and the model never sees them again', async () => {
    const upload = await uploaded();
    const conversation = await user.conversation();
    const { body } = await send(conversation, 'What is this?', [{ upload_id: upload.id }]);
    await user.request('DELETE', `/chat/messages/${body.user_message.id}`);
    expect(await remaining(upload.id)).toBe(0);
    await send(conversation, 'And now?');
    expect(JSON.stringify(upstream.requests.at(-1)?.body)).not.toContain('input_image');
  });

  it('are erased with their conversation', async () => {
    const upload = await uploaded();
    const conversation = await user.conversation();
    await send(conversation, 'What is this?', [{ upload_id: upload.id }]);
    await user.request('DELETE', `/chat/conversations/${conversation}`);
    expect(await remaining(upload.id)).toBe(0);
  });

  it('of an edited message stay unless others are given, and are erased with the last message that has them', async () => {
    const upload = await uploaded();
    const conversation = await user.conversation();
    const first = await send(conversation, 'Waht is this?', [{ upload_id: upload.id }]);
    const edit = (fields: object) =>
      user.request<SendAnswer>('PUT', `/chat/messages/${first.body.user_message.id}`, fields);
    const edited = await edit({ content: 'What is this?' });
    expect((edited.body.user_message as Pictured).images).toMatchObject([{ upload_id: upload.id }]);
    await user.request('DELETE', `/chat/messages/${first.body.user_message.id}`);
    expect(await remaining(upload.id)).toBe(1);
    await user.request('DELETE', `/chat/messages/${edited.body.user_message.id}`);
    expect(await remaining(upload.id)).toBe(0);
  });

  it('of somebody else, gone ones and wrong ones are refused, and nothing is sent', async () => {
    const foreign = await uploaded(aPng(), stranger);
    const conversation = await user.conversation();
    const own = await uploaded();
    for (const [image, field] of [
      [{ upload_id: foreign.id }, 'images.1.upload_id'],
      [{ upload_id: `upl_${'a'.repeat(24)}` }, 'images.1.upload_id'],
      [{ upload_id: 'nonsense' }, 'images.1.upload_id'],
      [{ url: 'http://example.com/a.png' }, 'images.1.url'],
      [{ url: 'https://user:secret@example.com/a.png' }, 'images.1.url'],
      [{ url: `https://example.com/${'a'.repeat(2_000)}` }, 'images.1.url'],
      [{ url: dataUrl(aPng()) }, 'images.1.url'],
      [{}, 'images.1.url'],
      [[], 'images.1.url'],
      [[{ url: 'https://example.com/a.png' }], 'images.1.url'],
      ['https://example.com/a.png', 'images.1.url'],
      [{ url: 'https://example.com/a.png', upload_id: own.id }, 'images.1.url'],
      [{ url: 'https://example.com/a.png', detail: 'best' }, 'images.1.detail'],
    ] as const) {
      const { status, body } = await send(conversation, 'Look', [{ upload_id: own.id }, image as object]);
      expect({ image, status, fields: body.errors?.map((error) => error.field) }).toEqual({
        image,
        status: 422,
        fields: [field],
      });
    }
    const many = await send(conversation, 'Look', Array(11).fill({ url: 'https://example.com/a.png' }));
    expect(many.status).toBe(422);
    expect(await user.messages(conversation)).toEqual([]);
    expect(upstream.requests).toEqual([]);
  });

  it('are at most ten in a prompt, the newest ones', async () => {
    const conversation = await user.conversation();
    const six = (name: string) => Array.from({ length: 6 }, (_, n) => ({ url: `https://example.com/${name}${n}.png` }));
    await send(conversation, 'First', six('old'));
    await send(conversation, 'Second', six('new'));
    const text = JSON.stringify(upstream.requests.at(-1)?.body.input);
    expect(text.match(/input_image/g)).toHaveLength(10);
    expect(text.match(/new\d\.png/g)).toHaveLength(6);
    expect(text.match(/old\d\.png/g)).toHaveLength(4);
  });

  it('that the upstream cannot read fail the turn in words, and stay out of later prompts', async () => {
    const conversation = await user.conversation();
    const { body } = await send(conversation, 'Look', [{ url: 'https://gone.example/cat.png' }]);
    expect(body.assistant_message).toMatchObject({ status: 'fallback', error_code: 'UPSTREAM.IMAGE_REFUSED' });
    expect(body.assistant_message.content).toContain("couldn't read the picture");
    upstream.reset();
    expect((await send(conversation, 'Never mind')).body.assistant_message.content).toBe('You said: Never mind');
    expect(upstream.requests).toHaveLength(1);
  });

  it('that are gone by the time of a later prompt are left out, and every request is in the ledger', async () => {
    const conversation = await user.conversation();
    await send(conversation, 'Look', [{ url: 'https://example.com/soon-gone.png' }]);
    upstream.next(
      scenarios.error(400, { code: 'invalid_image_url', param: 'url', message: 'Error while downloading the image.' }),
    );
    const { body } = await send(conversation, 'And now?');
    expect(body.assistant_message.content).toBe('You said: And now?');
    const { rows } = await sql.query('SELECT status FROM model_calls WHERE turn_id = $1', [body.turn_id]);
    expect(rows).toHaveLength(2);
    await untilLogged(() => parley.log(), 'the upstream refused a part of the request');
  });

  it('that no message has used in time are removed, and no others', async () => {
    const [used, unused, young] = [await uploaded(), await uploaded(), await uploaded()];
    await send(await user.conversation(), 'Look', [{ upload_id: used.id }]);
    await sql.query(`UPDATE uploads SET expires_at = now() - interval '1 second' WHERE id = ANY($1)`, [
      [used.id, unused.id],
    ]);
    const queue = new (withBackend(createPostgresBackend).Queue)('parley', {
      connection: { connectionString: parley.database.url, schema: 'bullmq' },
    });
    await queue.add('uploads.clean-up', {}, { removeOnComplete: true });
    await queue.close();
    await eventually(async () => (await remaining(unused.id)) === 0 || undefined, 'the unused upload to be removed');
    expect([await remaining(used.id), await remaining(young.id)]).toEqual([1, 1]);
  });

  it('sent twice with one key make one message; other pictures under that key are refused', async () => {
    const conversation = await user.conversation();
    const images = [{ upload_id: (await uploaded()).id }];
    const post = (pictures?: object[]) =>
      user.request<SendAnswer & Problem>(
        'POST',
        `/chat/conversations/${conversation}/send`,
        { content: 'Look', images: pictures },
        { 'idempotency-key': 'one' },
      );
    const [first, second] = [await post(images), await post(images)];
    expect(second.body.user_message.id).toBe(first.body.user_message.id);
    expect((await post()).body.code).toBe('IDEMPOTENCY.MISMATCH');
    await user.request('DELETE', `/chat/messages/${first.body.user_message.id}`);
    // The upload is gone by now; the answer to a repeated request is still that of the first.
    expect((await post(images)).status).not.toBe(422);
  });
});
