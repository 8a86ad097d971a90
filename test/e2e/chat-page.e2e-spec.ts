import { type IncomingHttpHeaders, request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type Parley, startParley } from '../support/parley';

interface Raw {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** `fetch` would take off the encoding, and ask for it. */
const get = (url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> =>
  new Promise((resolve, reject) => {
    request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });

const directive = (policy: string, name: string): string | undefined =>
  policy
    .split('; ')
    .find((each) => each.startsWith(`${name} `))
    ?.slice(name.length + 1);

describe('the files of the chat page', () => {
  let parley: Parley;

  beforeAll(async () => {
    parley = await startParley();
  });
  afterAll(() => parley.stop());

  const assets = async (): Promise<string[]> => {
    const { body } = await get(`${parley.url}/`);
    return [...body.toString().matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, path]) => path!);
  };

  it('the page loads nothing but its own files, and no script or style in it is inline', async () => {
    const { status, headers, body } = await get(`${parley.url}/`);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = String(headers['content-security-policy']);
    expect(directive(policy, 'default-src')).toBe("'none'");
    expect(directive(policy, 'script-src')).toBe("'self'");
    expect(directive(policy, 'style-src')).toBe("'self'");
    expect(policy).not.toContain('unsafe');
    expect(directive(policy, 'require-trusted-types-for')).toBe("'script'");
    expect(body.toString()).not.toMatch(/<style|style=|<script(?![^>]*src=)| on\w+=/);
    expect(await assets()).toHaveLength(3);
  });

  it('the page cannot be put into a frame; the demonstration can', async () => {
    const page = await get(`${parley.url}/`);
    expect(directive(String(page.headers['content-security-policy']), 'frame-ancestors')).toBe("'none'");
    expect(page.headers['x-frame-options']).toBe('DENY');
    const demo = await get(`${parley.url}/widget-demo`);
    expect(directive(String(demo.headers['content-security-policy']), 'frame-ancestors')).toBe('*');
    expect(demo.headers['x-frame-options']).toBeUndefined();
  });

  it('sockets go to the host that was asked for, and a host that is none gets into no header', async () => {
    const named = await get(`${parley.url}/`, { host: 'chat.example.com:8443' });
    expect(directive(String(named.headers['content-security-policy']), 'connect-src')).toBe(
      "'self' ws://chat.example.com:8443 wss://chat.example.com:8443",
    );
    const odd = await get(`${parley.url}/`, { host: 'a; script-src *' });
    expect(String(odd.headers['content-security-policy'] ?? '')).not.toContain('script-src *');
  });

  it('files with a hash in their names are kept for good, the others are asked for each time', async () => {
    for (const path of await assets()) {
      const { status, headers } = await get(`${parley.url}/${path}`);
      expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
    for (const path of ['/', '/widget.js', '/widget-demo']) {
      const { headers } = await get(`${parley.url}${path}`);
      expect(headers['cache-control']).toBe('public, no-cache');
      const again = await get(`${parley.url}${path}`, { 'if-none-match': `W/"other", ${headers.etag}` });
      expect([again.status, again.body.length]).toEqual([304, 0]);
      expect((await get(`${parley.url}${path}`, { 'if-none-match': '"other"' })).status).toBe(200);
    }
  });

  it('each comes compressed as the client takes it, with a tag of its own', async () => {
    const url = `${parley.url}/widget.js`;
    const plain = await get(url);
    const gzip = await get(url, { 'accept-encoding': 'gzip' });
    const brotli = await get(url, { 'accept-encoding': 'gzip, deflate, br' });
    expect([plain, gzip, brotli].map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'gzip', 'br']);
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
    expect(new Set([plain, gzip, brotli].map(({ headers }) => headers.etag)).size).toBe(3);
    expect(plain.headers.vary).toContain('Accept-Encoding');
  });

  it('HEAD says what GET would, and nothing else than what was built is there', async () => {
    const head = await get(`${parley.url}/widget.js`, {}, 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(10_000);
    for (const path of ['/assets/page.js', '/assets/', '/assets/..%2Fmanifest.json', '/manifest.json', '/index.html']) {
      const { status, body } = await get(`${parley.url}${path}`);
      expect({ path, status }).toEqual({ path, status: 404 });
      expect(JSON.parse(body.toString())).toMatchObject({ code: 'ROUTE.NOT_FOUND' });
    }
  });

  it('pages of all websites may load the widget and the texts', async () => {
    const { headers } = await get(`${parley.url}/widget.js`, { origin: 'https://shop.example.com' });
    expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
    const page = await get(`${parley.url}/`, { origin: 'https://shop.example.com' });
    expect(page.headers['access-control-allow-origin']).toBeUndefined();
    expect(page.headers['cross-origin-resource-policy']).toBe('same-origin');
  });
});
