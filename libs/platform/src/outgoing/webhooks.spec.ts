import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppConfig } from '../config';
import { standardSignature, WebhookFailed, Webhooks } from './webhooks';

const webhooksWith = (settings: Record<string, string> = {}): Webhooks =>
  new Webhooks(
    new AppConfig({
      DATABASE_URL: 'postgres://u:p@127.0.0.1/x',
      SECRET_KEY: 'a-secret-of-at-least-32-characters-',
      ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
      ...settings,
    }),
  );

/** As long as somebody reads. */
function endless(response: ServerResponse): void {
  response.writeHead(200);
  const more = (): void =>
    void (
      response.destroyed || (response.write('x'.repeat(65_536)) ? setImmediate(more) : response.once('drain', more))
    );
  more();
}

describe('webhooks', () => {
  let server: Server;
  let port: number;
  const asked: string[] = [];
  let heard: IncomingHttpHeaders = {};

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url!);
      heard = request.headers;
      if (request.url === '/endless') return void endless(response);
      if (request.url === '/moved') response.writeHead(307, { location: '/new' }).end();
      else response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => void asked.splice(0));

  it.each([
    'http://example.com',
    'https://127.0.0.1',
    'https://2130706433',
    'https://0x7f.1',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:a9fe:a9fe]',
    'https://127.0.0.1.',
    'https://0177.0.0.1',
    'https://127.1',
    'https://１２７.0.0.1',
    'https://[::]',
    'https://[::7f00:1]',
    'https://[64:ff9b::7f00:1]',
    'https://[fe80::1]',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1:8443',
    'https://user@example.com',
    'file:///etc/passwd',
    'nonsense',
  ])('%s cannot be set', (url) => {
    expect(webhooksWith().problemOf(url)).not.toBeNull();
  });

  it.each(['https://example.com/hook', 'https://8.8.8.8', 'https://[2606:4700::1111]:8443/x'])('%s can', (url) => {
    expect(webhooksWith().problemOf(url)).toBeNull();
  });

  it('signs as Standard Webhooks do: the test vector of their libraries', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    expect(standardSignature(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('what is signed is what is sent, at the time of sending', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const sent = { url: `http://127.0.0.1:${port}/`, secret, body: { text: 'ä' }, standardId: 'msg_1' };
    await webhooksWith({ ALLOW_PRIVATE_WEBHOOKS: 'true' }).post(sent);
    const timestamp = Number(heard['webhook-timestamp']);
    expect(Math.abs(timestamp - Date.now() / 1000)).toBeLessThan(30);
    expect(heard['webhook-signature']).toBe(standardSignature(secret, 'msg_1', timestamp, '{"text":"ä"}'));
  });

  it('an answer without an end is not read', async () => {
    await webhooksWith({ ALLOW_PRIVATE_WEBHOOKS: 'true' }).post({
      url: `http://127.0.0.1:${port}/endless`,
      secret: 's',
      body: {},
    });
  });

  it('a name that leads to this machine is not connected to', async () => {
    const sent = webhooksWith().post({ url: `https://localhost:${port}/`, secret: 's', body: {} });
    await expect(sent).rejects.toThrow(new WebhookFailed('is not a server on the public internet'));
    expect(asked).toEqual([]);
  });

  it('a redirect is a failure, and is not followed', async () => {
    const allowing = webhooksWith({ ALLOW_PRIVATE_WEBHOOKS: 'true' });
    const sent = allowing.post({ url: `http://127.0.0.1:${port}/moved`, secret: 's', body: {} });
    await expect(sent).rejects.toThrow(new WebhookFailed('it answered with 307'));
    expect(asked).toEqual(['/moved']);
    await allowing.post({ url: `http://localhost:${port}/new`, secret: 's', body: {} });
  });
});
