import type { ParleyEvent } from '@app/contracts';
import { PinoLogger } from 'nestjs-pino';
import { BACKENDS, type QueueBackend } from '../../../../test/support/backends';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { FlakyProxy } from '../../../../test/support/flaky-proxy';
import { eventually } from '../../../../test/support/process';
import { RedisServer } from '../../../../test/support/redis';
import { AppConfig } from '../config';
import { RedisConnections } from '../redis';
import { EventsBus } from './events-bus';
import { PostgresTransport } from './postgres-transport';
import { RedisTransport } from './redis-transport';

const event: ParleyEvent = { type: 'turn.finished', turnId: 7, conversationId: 1, status: 'completed' };
const logger = new PinoLogger({ pinoHttp: { level: 'silent' } });

describe.each(BACKENDS)('EventsBus between processes (queue in %s)', (backend: QueueBackend) => {
  let database: TestDatabase;
  let redis: RedisServer | undefined;
  let proxy: FlakyProxy;
  const buses: EventsBus[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    redis = backend === 'redis' ? await RedisServer.start() : undefined;
  });
  afterAll(async () => {
    await redis?.remove();
    await database.close();
  });
  beforeEach(async () => {
    proxy = await FlakyProxy.start(redis?.port ?? Number(new URL(database.url).port));
  });
  afterEach(async () => {
    for (const bus of buses.splice(0)) {
      bus.onModuleDestroy();
      await bus.onApplicationShutdown();
    }
    await proxy.stop();
  });

  /** A bus as another process would have it, reached directly or through the proxy. */
  async function startBus(port?: number, on = database): Promise<EventsBus> {
    const url = new URL(on.url);
    if (backend === 'postgres' && port !== undefined) url.port = String(port);
    const config = new AppConfig({
      DATABASE_URL: url.href,
      SECRET_KEY: 'x'.repeat(40),
      ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
      ...(redis === undefined ? {} : { QUEUE_URL: `redis://127.0.0.1:${port ?? redis.port}` }),
    });
    const transport =
      config.queue.backend === 'redis'
        ? new RedisTransport(config.queue, await RedisConnections.create(config.queue, logger), on.database, logger)
        : new PostgresTransport(config, logger);
    const bus = new EventsBus(transport, logger);
    await bus.onModuleInit();
    buses.push(bus);
    return bus;
  }

  /** Publishes until it is heard, since a connection may just be coming up. */
  async function untilHeard(from: EventsBus, by: EventsBus): Promise<void> {
    let heard = 0;
    const unsubscribe = by.subscribe('turn:7', () => (heard += 1));
    await eventually(() => {
      from.publish(event);
      return heard > 0 ? true : undefined;
    }, 'an event to arrive');
    unsubscribe();
  }

  it('an event reaches the listeners here once, and those in another process once', async () => {
    const [here, there] = [await startBus(), await startBus()];
    await untilHeard(here, there);
    const heard: string[] = [];
    here.subscribe('turn:8', () => heard.push('here'));
    there.subscribe('turn:8', () => heard.push('there'));
    here.publish({ ...event, turnId: 8 });
    expect(heard).toEqual(['here']);
    // What was sent after it has come, so it will not come a second time.
    await untilHeard(here, there);
    expect(heard).toEqual(['here', 'there']);
  });

  it('installations with databases of their own do not hear each other', async () => {
    const other = await testDatabase();
    const [here, there, stranger] = [await startBus(), await startBus(), await startBus(undefined, other)];
    let strange = 0;
    stranger.subscribe('turn:7', () => (strange += 1));
    await untilHeard(here, there);
    expect(strange).toBe(0);
    await buses.pop()!.onApplicationShutdown();
    await other.close();
  });

  it('after a lost connection it listens again, and tells those who may have missed something', async () => {
    const [here, there] = [await startBus(), await startBus(proxy.port)];
    let reconnects = 0;
    there.onReconnect(() => (reconnects += 1));
    await untilHeard(here, there);
    proxy.cut();
    await eventually(() => (reconnects === 1 ? true : undefined), 'the bus to be back');
    await untilHeard(here, there);
  });

  it('a server that closes every connection at once is tried one connection at a time, with growing pauses', async () => {
    const bus = await startBus(proxy.port);
    let reconnects = 0;
    bus.onReconnect(() => (reconnects += 1));
    const openAtFirst = proxy.open;
    proxy.isClosingAtOnce = true;
    const before = proxy.connections;
    const startedAt = performance.now();
    proxy.cut();
    // Pauses of 0.5, 1 and 2 s. The publisher of Redis is a connection of its own and has its own pace.
    const isSubscriberOnly = backend === 'postgres';
    await eventually(
      () => (proxy.connections - before >= (isSubscriberOnly ? 3 : 10) ? true : undefined),
      'new attempts',
    );
    if (isSubscriberOnly) expect(performance.now() - startedAt).toBeGreaterThan(3000);
    expect(proxy.connections - before).toBeLessThan(20);
    proxy.isClosingAtOnce = false;
    await eventually(() => (reconnects === 1 ? true : undefined), 'the bus to be back');
    await eventually(() => (proxy.open === openAtFirst ? true : undefined), 'as many connections as at first');
  });

  it('ends while the server is away', async () => {
    const bus = await startBus(proxy.port);
    proxy.isClosingAtOnce = true;
    proxy.cut();
    bus.publish(event);
    bus.onModuleDestroy();
    const startedAt = performance.now();
    await bus.onApplicationShutdown();
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    buses.pop();
  });
});
