import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '../../support/client';
import type { ChatWorld } from './chat-world';

/** Everything that a website's styles could do to what is put into its page. */
export const HOSTILE_STYLES = `
  :root { font-size: 62.5%; --text: transparent; --accent: transparent; --ground: transparent; }
  * { --accent: hotpink; font-family: cursive; letter-spacing: 5px; text-transform: uppercase; line-height: 4; cursor: wait; direction: rtl; }
  body > * { display: none !important; position: relative !important; transform: translateX(40px) !important; opacity: 0.2; filter: blur(2px); visibility: hidden; }
  body > main { display: block !important; visibility: visible; }
  div, button, textarea, ol, li, p { display: none; margin: 50px !important; color: hotpink !important; }
  main button { display: inline; }`;

/** Somebody's website, on an origin of its own, with styles that would spoil everything they reach, and a strict policy. */
export class Website {
  private constructor(
    private readonly server: Server,
    private readonly backend: () => string,
  ) {}

  static async start(backend: () => string): Promise<Website> {
    const server = createServer();
    const website = new Website(server, backend);
    server.on('request', (request, response) => {
      if (request.url === '/styles.css') {
        response.writeHead(200, { 'content-type': 'text/css' }).end(website.styles);
        return;
      }
      const url = backend();
      const sockets = url.replace('http:', 'ws:');
      response
        .writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': `default-src 'none'; script-src ${url}; style-src 'self'; connect-src ${url} ${sockets}; require-trusted-types-for 'script'; trusted-types 'none'`,
        })
        .end(website.html());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return website;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The attributes of the script tag. */
  attributes = '';
  /** How often it stands there. */
  tags = 1;
  styles = '';

  private html(): string {
    return `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width, initial-scale=1" /><link rel="stylesheet" href="/styles.css" /><title>A shop</title></head><body><main><h1>A shop</h1>
      <button type="button">Buy</button> <a href="#more">More</a></main>
      ${`<script src="${this.backend()}/widget.js" ${this.attributes}></script>`.repeat(this.tags)}</body></html>`;
  }

  async stop(): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Somebody who has a website and a workspace, and decides who may use its support chat. */
export class Shop {
  private constructor(
    readonly owner: Client,
    readonly workspaceId: number,
  ) {}

  static async open(world: ChatWorld): Promise<Shop> {
    const owner = await Client.register(() => world.url, 'owner@example.com');
    const me = await owner.request<{ workspace_id: number }>('GET', '/auth/me');
    return new Shop(owner, me.body.workspace_id);
  }

  /** The workspace's support chat, for pages of these websites: its public key. */
  async openDoor(origins: string[]): Promise<string> {
    const persona = await this.owner.request<{ id: number }>('POST', '/personas', {
      name: 'Robin',
      description: 'Helps customers of the shop',
      visibility: 'workspace',
    });
    const door = await this.owner.request<{ public_key: string }>(
      'PUT',
      `/workspaces/${this.workspaceId}/support-door`,
      { persona_id: persona.body.id, allowed_origins: origins },
    );
    expect(door.status).toBe(200);
    return door.body.public_key;
  }
}
