import { once } from 'node:events';
import type { QueueConfig } from '../config';
import type { PinoLogger } from 'nestjs-pino';
import { checkQueueServer } from './check-queue-server';
import { createRedis, type RedisClient, type RedisPurpose } from './redis-client';
import { within } from '../within';
import { reasonOf } from './redis-trouble';

/** A healthy server says goodbye at once. */
const QUIT_DEADLINE_MS = 1000;
const READY_DEADLINE_MS = 3000;
const REMIND_MS = 30_000;
const PING_EVERY_MS = 10_000;
const PING_DEADLINE_MS = 3000;

const SLOWER =
  'Messages are accepted and answered meanwhile, but each waits up to about 3 s for the reconciler to find it.';

/** All connections of this process to Redis: opened, watched and closed here. Unused while the queue lives in PostgreSQL. */
export class RedisConnections {
  private readonly down = new Map<RedisClient, { since: number; reason: string }>();
  /** Told of a client's end before it ends, so that this counts as no loss. */
  private readonly closers = new Map<RedisClient, () => void>();
  private reminder: NodeJS.Timeout | undefined;
  private isInspected = false;

  private constructor(
    private readonly config: QueueConfig,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * Tells in the log what is to be known of the server before anything connects.
   * @throws RedisRefusedError when the server answers and cannot be used
   */
  static async create(config: QueueConfig, logger: PinoLogger): Promise<RedisConnections> {
    const connections = new RedisConnections(config, logger);
    if (config.backend === 'redis') await connections.inspect();
    return connections;
  }

  /** Whether a connection is lost now. Errors that follow from it need no lines of their own. */
  get isDown(): boolean {
    return this.down.size > 0;
  }

  open(purpose: RedisPurpose): RedisClient {
    const client = createRedis(this.settings.redis, purpose);
    let isClosing = false;
    client.on('error', (error: Error) => this.lost(client, isClosing, reasonOf(error)));
    client.on('close', () => this.lost(client, isClosing, 'the connection was closed'));
    client.on('ready', () => this.found(client));
    const pinging = client.isCluster ? undefined : setInterval(() => void hangUpIfDead(client), PING_EVERY_MS).unref();
    this.closers.set(client, () => {
      isClosing = true;
      clearInterval(pinging);
    });
    return client;
  }

  /** Waits until a connection can be used, but not for a Redis that is away. */
  async ready(client: RedisClient): Promise<void> {
    if (client.status === 'ready' || this.down.has(client)) return;
    const settled = new AbortController();
    const { signal } = settled;
    const events = [once(client, 'ready', { signal }), once(client, 'close', { signal })];
    await within(Promise.race(events), READY_DEADLINE_MS).catch(() => undefined);
    settled.abort();
    await Promise.allSettled(events);
  }

  /** Says goodbye, or just hangs up when nobody listens. */
  async close(client: RedisClient): Promise<void> {
    this.closers.get(client)?.();
    this.closers.delete(client);
    this.down.delete(client);
    this.updateReminder();
    if (client.status === 'ready') await within(client.quit(), QUIT_DEADLINE_MS).catch(() => undefined);
    client.disconnect();
  }

  private get settings(): Extract<QueueConfig, { backend: 'redis' }> {
    if (this.config.backend === 'redis') return this.config;
    throw new Error('The queue lives in PostgreSQL; there is no Redis to connect to.');
  }

  private async inspect(): Promise<void> {
    const { unreachable, warnings } = await checkQueueServer(this.config);
    this.isInspected = unreachable === undefined;
    if (unreachable !== undefined) this.logger.error(`${unreachable} ${SLOWER}`);
    for (const warning of warnings) this.logger.warn(warning);
  }

  private lost(client: RedisClient, isClosing: boolean, reason: string): void {
    if (isClosing || this.down.has(client)) return;
    this.down.set(client, { since: performance.now(), reason });
    if (this.down.size > 1) return;
    this.logger.warn({ reason }, `the connection to Redis (${this.settings.variable}) is lost. ${SLOWER}`);
    this.updateReminder();
  }

  private found(client: RedisClient): void {
    const outage = this.down.get(client);
    this.down.delete(client);
    if (outage === undefined) return;
    this.updateReminder();
    if (this.isDown) return;
    this.logger.info(
      { down_ms: Math.round(performance.now() - outage.since) },
      `Redis (${this.settings.variable}) is back`,
    );
    // It was away when this process started, so nobody has looked at it yet. What would have stopped the start can now only be told.
    if (!this.isInspected) void this.inspect().catch((error: Error) => this.logger.error(error.message));
  }

  private updateReminder(): void {
    if (!this.isDown) {
      clearInterval(this.reminder);
      this.reminder = undefined;
    } else if (this.reminder === undefined) {
      this.reminder = setInterval(() => {
        const [{ since, reason } = { since: performance.now(), reason: '' }] = this.down.values();
        this.logger.warn(
          { reason, down_ms: Math.round(performance.now() - since) },
          `Redis (${this.settings.variable}) is still away`,
        );
      }, REMIND_MS);
      this.reminder.unref();
    }
  }
}

/**
 * A host that vanished closes nothing, and a master that hangs answers nothing: without this the connection would stay with it for many
 * minutes, also after a failover. (ioredis has `socketTimeout` for that; in 5.11 it also ends the next, healthy connection:
 * https://github.com/redis/ioredis/issues/2147.) A cluster tells by itself which of its nodes still answer.
 */
async function hangUpIfDead(client: RedisClient): Promise<void> {
  if (client.status !== 'ready') return;
  await within(client.ping(), PING_DEADLINE_MS).catch((error: Error) => {
    // A refusal is an answer too.
    if (error.name !== 'ReplyError') client.disconnect(true);
  });
}
