import type { QueueConfig } from '../config';
import { type Database, databaseIdentity } from '../database';
import type { PinoLogger } from 'nestjs-pino';
import { SeldomLog } from '../logging/seldom-log';
import { claimPrefix, createSingleRedis, type RedisClient, type RedisConnections } from '../redis';
import { within } from '../within';
import type { EventTransport, TransportListener } from './event-transport';
import { KeptConnection, type OpenConnection } from './kept-connection';

/** A host that takes the connection and never answers must hold up neither the start nor the next attempt. */
const CONNECT_DEADLINE_MS = 4000;

/**
 * Redis pub/sub. Any node of a cluster passes a message on to all others, so one plain connection listens, to whichever node answers.
 * The channel carries the prefix and the database's identity: installations that share a Redis do not hear each other.
 */
export class RedisTransport implements EventTransport {
  /** PUBLISH holds nobody up, so nothing is gained by waiting; what comes while a send is under way travels together all the same. */
  readonly batchMs = 0;
  readonly maxPayloadBytes = 64_000;
  private channel = '';
  private publisher: RedisClient | undefined;
  private subscriber: KeptConnection | undefined;
  private nodeIndex = 0;
  private isEnding = false;

  constructor(
    private readonly config: Extract<QueueConfig, { backend: 'redis' }>,
    private readonly connections: RedisConnections,
    private readonly database: Database,
    private readonly logger: PinoLogger,
  ) {}

  async start(listener: TransportListener): Promise<void> {
    const installation = await databaseIdentity(this.database);
    this.channel = `${this.config.prefix}:events:${installation}`;
    const publisher = this.connections.open('publish');
    this.publisher = publisher;
    publisher.once('ready', () => {
      claimPrefix(publisher, this.config.prefix, installation, this.logger).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'whether QUEUE_PREFIX is used by others was not checked'),
      );
    });
    const lost = new SeldomLog(this.logger, 'the connection for events was lost; connecting again');
    this.subscriber = new KeptConnection({
      open: (ended) => this.subscribe(listener, ended),
      reopened: () => listener.reconnected(),
      trouble: (error) => {
        // A lost Redis has been told already.
        if (!this.isEnding && !this.connections.isDown) lost.warn(error);
      },
    });
    await Promise.all([this.subscriber.start(false), this.connections.ready(publisher)]);
  }

  async send(payload: string): Promise<void> {
    await this.publisher!.publish(this.channel, payload);
  }

  expectEnd(): void {
    this.isEnding = true;
  }

  async stop(): Promise<void> {
    this.subscriber?.close();
    if (this.publisher !== undefined) await this.connections.close(this.publisher);
  }

  private async subscribe(listener: TransportListener, ended: () => void): Promise<OpenConnection> {
    const client = createSingleRedis(this.config.redis, 'events', this.nodeIndex);
    // The next attempt asks the next node: this one may be gone for good.
    this.nodeIndex += 1;
    let reason: Error | undefined;
    client.on('error', (error: Error) => (reason ??= error));
    client.on('message', (_channel: string, payload: string) => listener.receive(payload));
    client.once('end', ended);
    try {
      await within(client.connect(), CONNECT_DEADLINE_MS);
      await within(client.subscribe(this.channel), CONNECT_DEADLINE_MS);
    } catch (error) {
      client.disconnect();
      throw reason ?? error;
    }
    return { ping: () => client.ping(), close: () => client.disconnect() };
  }
}
