import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { GuardedNetwork } from '@app/platform';
import { type WebSocket, WebSocketServer } from 'ws';
import { FakeMattermost } from '../../../../../test/support/fake-mattermost';
import { type ConnectionTimes, MattermostConnection, type PostedMessage } from './connection';

const anywhere = new GuardedNetwork({ permits: () => true });
const connections: MattermostConnection[] = [];

function connect(url: string, token: string, times: ConnectionTimes = {}, network = anywhere) {
  const heard: PostedMessage[] = [];
  const connection = new MattermostConnection(network, { url, token }, (message) => heard.push(message), times);
  connections.push(connection);
  return { connection, heard };
}

afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
});
afterAll(() => anywhere.close());

describe('a connection to a Mattermost server', () => {
  const mattermost = new FakeMattermost({ subPath: '/chat' });
  const bot = mattermost.addBot();
  const person = mattermost.addUser();
  const room = mattermost.addChannel({ type: 'P', members: [bot, person] });
  let url: string;

  beforeAll(async () => {
    url = await mattermost.start();
  });
  afterAll(() => mattermost.stop());
  afterEach(() => mattermost.reset());

  it('hears what is posted where the bot is, below a sub-path, too', async () => {
    const { connection, heard } = connect(url, bot.token);
    expect(await connection.isHeard()).toBe(true);
    mattermost.post({ channel: room, user: person, message: 'hello' });
    mattermost.post({ channel: room, user: person, message: 'hello again' });
    mattermost.dropSockets();
    expect(await connection.ended).toBe('closed');
    expect(heard.map(({ data }) => (JSON.parse(data.post) as { message: string }).message)).toEqual([
      'hello',
      'hello again',
    ]);
  });

  it('a token that is not taken is no connection', async () => {
    const { connection } = connect(url, 'x'.repeat(26));
    expect(await connection.isHeard()).toBe(false);
    expect(await connection.ended).toBe('closed');
  });

  it('a server that says nothing any more is given up', async () => {
    const { connection } = connect(url, bot.token, { pingMs: 50 });
    expect(await connection.isHeard()).toBe(true);
    mattermost.muteSockets(true);
    expect(await connection.ended).toBe('silent');
  });

  it('tells nothing on the console, and is closed for good', async () => {
    const told: unknown[] = [];
    const spy = jest
      .spyOn(globalThis.console, 'log')
      .mockImplementation((...words: unknown[]) => void told.push(words));
    try {
      const { connection } = connect(url, bot.token);
      await connection.isHeard();
      connection.close();
      expect(await connection.ended).toBe('closed');
      const refused = connect('http://127.0.0.1:1', bot.token);
      expect(await refused.connection.isHeard()).toBe(false);
      await mattermost.waitFor((fake) => fake.sockets === 0);
    } finally {
      spy.mockRestore();
    }
    expect(told).toEqual([]);
  });

  it('a server that is not on the public internet is not connected to, by its address or by its name', async () => {
    const publicOnly = new GuardedNetwork();
    const port = new URL(url).port;
    for (const host of ['127.0.0.1', '[::1]', '2130706433', '0x7f.1']) {
      expect(() => connect(`http://${host}:${port}/chat`, bot.token, {}, publicOnly)).toThrow('public internet');
    }
    const byName = connect(`http://localhost:${port}/chat`, bot.token, {}, publicOnly);
    expect(await byName.connection.isHeard()).toBe(false);
    expect(mattermost.sockets).toBe(0);
    await publicOnly.close();
  });
});

describe('a server of whatever kind', () => {
  let server: WebSocketServer;
  let url: string;

  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });

  const hello = { event: 'hello', data: { connection_id: 'c' }, seq: 0 };
  const welcome = (then: (socket: WebSocket) => void): void => {
    server.on('connection', (socket) => {
      socket.send(JSON.stringify(hello));
      then(socket);
    });
  };

  it('that answers pings is kept', async () => {
    let pings = 0;
    const answered = new Promise<void>((resolve) => {
      welcome((socket) => {
        socket.on('message', (raw: Buffer) => {
          const { action, seq } = JSON.parse(raw.toString()) as { action: string; seq: number };
          if (action === 'ping') pings += 1;
          socket.send(JSON.stringify({ status: 'OK', seq_reply: seq }));
          if (pings === 3) resolve();
        });
      });
    });
    const { connection } = connect(url, 'x', { pingMs: 500 });
    let isOver = false;
    void connection.ended.then(() => (isOver = true));
    await Promise.race([answered, connection.ended]);
    expect(isOver).toBe(false);
  });

  it('that does not say hello is given up', async () => {
    const { connection } = connect(url, 'x', { helloMs: 30 });
    expect(await connection.isHeard()).toBe(false);
    expect(await connection.ended).toBe('no-hello');
  });

  it('that has ended the session, and only says so when it is asked, is given up', async () => {
    welcome((socket) => {
      socket.on('message', (raw: Buffer) => {
        const { action, seq } = JSON.parse(raw.toString()) as { action: string; seq: number };
        if (action !== 'ping') return;
        socket.send(JSON.stringify({ status: 'FAIL', seq_reply: seq, error: { status_code: 401 } }));
      });
    });
    expect(await connect(url, 'x').connection.ended).toBe('not-authenticated');
  });

  it('that leaves an event out is given up, so that what is missing is looked up', async () => {
    welcome((socket) => socket.send(JSON.stringify({ event: 'posted', data: { post: '{}' }, seq: 2 })));
    const { connection, heard } = connect(url, 'x');
    expect(await connection.ended).toBe('closed');
    expect(heard).toEqual([]);
  });

  it.each(['no JSON', 'null', '{"event":', '7'])(
    'that says %j ends the connection, and nothing else',
    async (words) => {
      welcome((socket) => socket.send(words));
      const { connection } = connect(url, 'x');
      expect(['closed', 'unreadable']).toContain(await connection.ended);
    },
  );

  it('that says too much at once is given up', async () => {
    welcome((socket) => socket.send(JSON.stringify({ event: 'posted', data: 'x'.repeat(5_000_000), seq: 1 })));
    const { connection, heard } = connect(url, 'x');
    expect(await connection.ended).toBe('closed');
    expect(heard).toEqual([]);
  });

  it('that sends us elsewhere is not followed', async () => {
    const { createServer } = await import('node:http');
    const elsewhere = createServer().on('upgrade', (_request, socket) => {
      socket.end(`HTTP/1.1 302 Found\r\nlocation: ${url.replace('http', 'ws')}\r\n\r\n`);
    });
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const { connection } = connect(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`, 'x');
    expect(await connection.isHeard()).toBe(false);
    expect(server.clients.size).toBe(0);
    elsewhere.close();
  });
});
