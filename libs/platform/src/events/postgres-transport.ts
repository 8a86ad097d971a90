import type { AppConfig } from '../config';
import type { Database } from '../database';
import { Client } from 'pg';
import type { PinoLogger } from 'nestjs-pino';
import { SeldomLog } from '../logging/seldom-log';
import type { EventTransport, TransportListener } from './event-transport';
import { KeptConnection, type OpenConnection } from './kept-connection';

const CHANNEL = 'parley_events';
const CONNECT_DEADLINE_MS = 5000;

/** LISTEN/NOTIFY on the application's database: a channel belongs to one database, so installations never hear each other. */
export class PostgresTransport implements EventTransport {
  /** NOTIFY serialises commits, so a busy process sends one batch per this time. */
  readonly batchMs = 40;
  /** PostgreSQL refuses payloads of 8,000 bytes and more. */
  readonly maxPayloadBytes = 7900;
  private connection: KeptConnection | undefined;
  private isEnding = false;

  constructor(
    private readonly config: AppConfig,
    private readonly database: Database,
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
    await this.database.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]);
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
      application_name: 'parley-events',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_DEADLINE_MS,
      query_timeout: CONNECT_DEADLINE_MS,
    });
    // Without a listener an error on an idle connection would end the process. `end` follows it.
    client.on('error', () => undefined);
    client.on('notification', (message) => listener.receive(message.payload ?? ''));
    client.once('end', ended);
    const close = (): void => void client.end().catch(() => undefined);
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      close();
      throw error;
    }
    return { ping: () => client.query('SELECT 1'), close };
  }
}
