import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { OpenAIResponsesProvider } from './openai-responses.provider';
import { ProviderError } from './provider.error';
import { bodyOf, readText, streamingFetch } from './streaming-fetch';

describe('streamingFetch', () => {
  let server: Server;
  let base: string;
  let answer: RequestListener;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('uses a connection again after an answer was read', async () => {
    const ports = new Set<number | undefined>();
    answer = (request, response) => {
      ports.add(request.socket.remotePort);
      request.resume().once('end', () => response.end('ok'));
    };
    for (let index = 0; index < 5; index += 1) {
      const response = await streamingFetch(`${base}/x`, { method: 'POST', body: '{"ü":1}' });
      expect(await readText(bodyOf(response))).toBe('ok');
    }
    expect(ports.size).toBe(1);
  });

  it('sends what the caller gave, with its length in bytes', async () => {
    let seen: { length: string | undefined; text: string; key: string | undefined } | undefined;
    answer = (request, response) => {
      void readText(request).then((text) => {
        seen = { length: request.headers['content-length'], text, key: request.headers.authorization };
        response.end();
      });
    };
    await streamingFetch(`${base}/x`, { method: 'POST', body: 'ü', headers: { authorization: 'Bearer k' } });
    expect(seen).toEqual({ length: '2', text: 'ü', key: 'Bearer k' });
  });

  it('cuts an endless complaint', async () => {
    answer = (_request, response) => {
      response.writeHead(500);
      const more = (): void => {
        while (response.write('x'.repeat(64_000)) && !response.destroyed);
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    const response = await streamingFetch(base);
    expect(response.status).toBe(500);
    expect((await response.text()).length).toBeLessThan(1000);
  });

  it('does not follow a redirect with the key in hand, and says where it leads', async () => {
    const asked: (string | undefined)[] = [];
    answer = (request, response) => {
      asked.push(request.url);
      response.writeHead(308, { location: 'https://elsewhere.example/v1/responses?token=1' }).end();
    };
    const provider = new OpenAIResponsesProvider({
      provider: 'compatible',
      api: 'responses',
      apiKey: 'sk-secret-of-ours',
      baseUrl: `${base}/v1`,
      defaultModel: 'm',
      contentIdleTimeoutMs: 5000,
      totalTimeoutMs: 5000,
    });
    const error = await provider
      .complete(
        { model: 'm', instructions: '', input: [{ role: 'user', content: 'x' }] },
        { signal: new AbortController().signal, onDelta: () => undefined },
      )
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ code: 'UPSTREAM.NOT_FOUND', httpStatus: 308 });
    expect((error as ProviderError).logDetail).toContain(
      'redirects to https://elsewhere.example/v1/responses; OPENAI_BASE_URL',
    );
    expect(asked).toEqual(['/v1/responses']);
  });
});
