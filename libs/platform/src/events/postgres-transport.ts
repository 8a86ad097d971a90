import type { AppConfig } from '../config';
import { applicationName } from '../database';
import { Client } from 'pg';
import type { PinoLogger } from 'nestjs-pino';
import { SeldomLog } from '../logging/seldom-log';
import type { EventTransport, TransportListener } from './event-transport';
import { KeptConnection, type OpenConnection } from './kept-connection';

const CHANNEL = 'parley_events';
const CONNECT_DEADLINE_MS = 5000;

/** LISTEN and NOTIFY on one connection to the application's database: a channel belongs to one database, so installations never hear each other. */
export class PostgresTransport implements EventTransport {
  /** A busy process sends one batch per this time; the first event after a pause leaves at once. */
  readonly batchMs = 5;
  /** PostgreSQL refuses payloads of 8,000 bytes and more. */
  readonly maxPayloadBytes = 7900;
  private connection: KeptConnection | undefined;
  private client: Client | undefined;
  private isEnding = false;

  constructor(
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  async start(listener: TransportListener): Promise<void> {
    const lost = new SeldomLog(this.logger, 'the connection for events was lost; connecting again');
    this.connection = new KeptConnection({
      open: (ended) => this.open(listener, ended),
      reopened: () => listener.reconnected(),
      trouble: (error) => {
        if (!this.isEnding) lost.warn(error);
      },
    });
    await this.connection.start(true);
  }

  async send(payload: string): Promise<void> {
    if (this.client === undefined) throw new Error('The connection for events is away.');
    await this.client.query({ name: 'notify', text: 'SELECT pg_notify($1, $2)', values: [CHANNEL, payload] });
  }

  expectEnd(): void {
    this.isEnding = true;
  }

  stop(): Promise<void> {
    this.connection?.close();
    return Promise.resolve();
  }

  private async open(listener: TransportListener, ended: () => void): Promise<OpenConnection> {
    const client = new Client({
      connectionString: this.config.database.url,
      application_name: applicationName('events'),
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_DEADLINE_MS,
      query_timeout: CONNECT_DEADLINE_MS,
      // NOTIFY lets one commit of the whole server in at a time: this one must not wait for the disk meanwhile.
      options: '-c synchronous_commit=off',
    });
    // Without a listener an error on an idle connection would end the process. `end` follows it.
    client.on('error', () => undefined);
    client.on('notification', (message) => listener.receive(message.payload ?? ''));
    client.once('end', () => {
      if (this.client === client) this.client = undefined;
      ended();
    });
    const close = (): void => void client.end().catch(() => undefined);
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      close();
      throw error;
    }
    this.client = client;
    return { ping: () => client.query('SELECT 1'), close };
  }
}
