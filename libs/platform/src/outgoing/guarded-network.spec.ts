import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GuardedNetwork } from './guarded-network';
import { NetworkFailure } from './network-failure';

const LIMITS = { deadlineMs: 30_000, maxBytes: 1000 };

/** Every way to write this machine, a private network or a cloud's metadata that a browser or resolver understands. */
const PRIVATE = [
  'http://127.0.0.1',
  'http://2130706433',
  'http://0x7f.1',
  'http://0x7f000001',
  'http://0177.0.0.1',
  'http://127.1',
  'http://127.0.0.1.',
  'http://１２７.0.0.1',
  'http://0.0.0.0',
  'http://0',
  'http://[::1]',
  'http://[::]',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:7f00:1]',
  'http://[::7f00:1]',
  'http://[64:ff9b::7f00:1]',
  'http://[fe80::1]',
  'http://[fd00::1]',
  'http://169.254.169.254',
  'http://10.0.0.1',
  'http://172.16.0.1',
  'http://192.168.0.1',
  'http://100.64.0.1',
];

describe('the guarded network', () => {
  let server: Server;
  let port: number;
  const asked: { method: string; url: string; body: string }[] = [];
  const networks: GuardedNetwork[] = [];

  const network = (permits?: (address: string) => boolean): GuardedNetwork => {
    const made = new GuardedNetwork(permits === undefined ? {} : { permits });
    networks.push(made);
    return made;
  };
  const local = (): GuardedNetwork => network((address) => address === '127.0.0.1');

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    asked.push({ method: request.method!, url: request.url!, body });
    if (request.url === '/hang') return;
    if (request.url === '/stall') return void response.writeHead(200).write('a beginning');
    if (request.url === '/cut') return void request.socket.destroy();
    if (request.url === '/moved') return void response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
    if (request.url === '/long') return void response.writeHead(200, { 'content-length': 5000 }).end('x'.repeat(5000));
    if (request.url === '/endless') {
      const more = (): void => void (response.destroyed || (response.write('x'.repeat(500)), setImmediate(more)));
      return more();
    }
    response.writeHead(201, { 'content-type': 'text/plain', 'X-Some': 'thing' }).end('hello');
  }

  beforeAll(async () => {
    server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(async () => {
    asked.splice(0);
    for (const each of networks.splice(0)) await each.close();
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(PRIVATE)('%s is not asked', async (url) => {
    const request = network().request(`${url}:${port}/`, LIMITS);
    await expect(request).rejects.toMatchObject({ kind: 'refused', mayHaveLeft: false });
    expect(network().problemOf(url)).not.toBeNull();
    expect(asked).toEqual([]);
  });

  it('a name that leads to this machine is not connected to, unless that is permitted', async () => {
    await expect(network().request(`http://localhost:${port}/`, LIMITS)).rejects.toMatchObject({ kind: 'refused' });
    expect(asked).toEqual([]);
    expect((await local().request(`http://localhost:${port}/`, LIMITS)).status).toBe(201);
  });

  it.each(['file:///etc/passwd', 'ftp://example.com', 'nonsense', 'http://user@example.com', 'http://a:b@example.com'])(
    '%s is refused',
    async (url) => {
      await expect(network().request(url, LIMITS)).rejects.toBeInstanceOf(NetworkFailure);
    },
  );

  it('sends what it is given and gives back status, headers and body', async () => {
    const answer = await local().request(`http://127.0.0.1:${port}/a?b=%20c`, { ...LIMITS, method: 'POST', body: 'ä' });
    expect(answer).toMatchObject({ status: 201, headers: { 'content-type': 'text/plain', 'x-some': 'thing' } });
    expect(answer.body.toString()).toBe('hello');
    expect(asked).toEqual([{ method: 'POST', url: '/a?b=%20c', body: 'ä' }]);
  });

  it('a redirect is an answer, and is not followed', async () => {
    const answer = await local().request(`http://127.0.0.1:${port}/moved`, LIMITS);
    expect(answer).toMatchObject({ status: 302, headers: { location: 'http://10.0.0.1/' } });
    expect(asked).toHaveLength(1);
  });

  it.each(['/long', '/endless'])('an answer that is too long is not taken: %s', async (path) => {
    const request = local().request(`http://127.0.0.1:${port}${path}`, LIMITS);
    await expect(request).rejects.toMatchObject({ kind: 'too-large', message: 'its answer is longer than 1000 bytes' });
  });

  it.each(['/hang', '/stall'])('the deadline counts for all of it: %s', async (path) => {
    const request = local().request(`http://127.0.0.1:${port}${path}`, { ...LIMITS, deadlineMs: 1500 });
    await expect(request).rejects.toMatchObject({ kind: 'timeout', mayHaveLeft: true });
  });

  it('tells a connection that broke from a server that is not there', async () => {
    const broken = local().request(`http://127.0.0.1:${port}/cut`, LIMITS);
    await expect(broken).rejects.toMatchObject({ kind: 'broken', mayHaveLeft: true });
    const nobody = local().request('http://127.0.0.1:1/', LIMITS);
    await expect(nobody).rejects.toMatchObject({ kind: 'unreachable', mayHaveLeft: false, code: 'ECONNREFUSED' });
  });
});
