import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { createEmptyDatabase, type EmptyDatabase } from '../../../../test/support/own-database';
import { connectionOptions } from './connection-options';
import { Database } from './database';
import { isDatabaseUnavailable } from './pg-errors';

/** Message formats: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const field = (type: string, text: string): Buffer => Buffer.from(`${type}${text}\0`);
const FIELDS = Buffer.concat([
  field('S', 'FATAL'),
  field('V', 'FATAL'),
  field('C', '57P01'),
  field('M', 'terminating connection due to administrator command'),
  Buffer.from([0]),
]);
const length = Buffer.alloc(4);
length.writeInt32BE(FIELDS.length + 4);
const TERMINATED = Buffer.concat([Buffer.from('E'), length, FIELDS]);

describe('a connection that ends in the moment in which it is there', () => {
  let empty: EmptyDatabase;
  let proxy: Server;
  let url: string;
  let isEnding = false;
  let ended = 0;
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    empty = await createEmptyDatabase();
    const target = new URL(empty.url);
    const port = Number(target.port);
    proxy = createServer((client) => {
      const server = connect(port, target.hostname);
      for (const socket of [client, server]) {
        sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => socket.destroy());
      }
      client.pipe(server);
      server.on('data', (data: Buffer) => {
        // In one piece, as a busy process reads what has come meanwhile.
        if (!isEnding || !data.subarray(-READY.length).equals(READY)) return client.write(data);
        ended += 1;
        server.destroy();
        return client.end(Buffer.concat([data, TERMINATED]));
      });
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    target.port = String((proxy.address() as AddressInfo).port);
    url = target.href;
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await empty.drop();
  });
  beforeEach(() => {
    isEnding = true;
    ended = 0;
  });

  it('fails what was to be done on it, and not the process; the next one is as good as any', async () => {
    const dataSource = new DataSource(connectionOptions(url, 2));
    isEnding = false;
    await dataSource.initialize();
    await dataSource.destroy();
    await dataSource.initialize();
    const database = new Database(dataSource);
    await database.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
    isEnding = true;
    const failures = await Promise.all([
      database.query('SELECT 1').catch((error: unknown) => error),
      database.transaction(() => database.query('SELECT 1')).catch((error: unknown) => error),
    ]);
    expect(failures.map(isDatabaseUnavailable)).toEqual([true, true]);
    expect(ended).toBeGreaterThanOrEqual(2);
    isEnding = false;
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await dataSource.destroy();
  });

  it('neither does one that nobody has asked for by way of a pool, as BullMQ listens on', async () => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await expect(client.query('SELECT 1')).rejects.toThrow();
    expect(ended).toBe(1);
  });
});
