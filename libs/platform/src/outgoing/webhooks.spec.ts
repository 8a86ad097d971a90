import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppConfig } from '../config';
import { WebhookFailed, Webhooks } from './webhooks';

const webhooksWith = (settings: Record<string, string> = {}): Webhooks =>
  new Webhooks(
    new AppConfig({
      DATABASE_URL: 'postgres://u:p@127.0.0.1/x',
      SECRET_KEY: 'a-secret-of-at-least-32-characters-',
      ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
      ...settings,
    }),
  );

describe('webhooks', () => {
  let server: Server;
  let port: number;
  const asked: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url!);
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
