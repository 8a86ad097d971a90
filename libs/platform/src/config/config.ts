import { type ChannelsConfig, readChannels } from './channels.config';
import { type EncryptionConfig, readEncryption } from './encryption.config';
import { EnvReader } from './env-reader';
import { type EscalationsConfig, readEscalations } from './escalations.config';
import { readLimits, type LimitsConfig } from './limits.config';
import { readOpenAi, type OpenAiConfig } from './openai.config';
import { type PrivacyConfig, readPrivacy } from './privacy.config';
import { readQueue, type QueueConfig } from './queue-url';
import { readSockets, type SocketsConfig } from './sockets.config';
import { readSessions, type SessionsConfig } from './sessions.config';
import { readSupport, type SupportConfig } from './support.config';
import { readTracing, type TracingConfig } from './tracing.config';

export interface HttpConfig {
  /** Address to bind; loopback unless set. */
  host: string;
  port: number;
  workerPort: number;
  /** Largest request body, in bytes. */
  bodyLimitBytes: number;
  /** Browser origins that may call the API; none by default. */
  corsOrigins: string[];
  /** Proxies whose `X-Forwarded-For` is believed (addresses or CIDR ranges); none by default. */
  trustedProxies: string[];
  /** How long an api that was told to end still takes requests while `/health/ready` says 503, so that a load balancer notices, in milliseconds. */
  drainMs: number;
}

export interface DatabaseConfig {
  url: string;
  /** Connections of one process's pool. 3 api + 3 worker processes with the defaults fit PostgreSQL's 100; see connection-budget.ts. */
  poolSize: number;
}

export interface AuthConfig {
  /** First signs, all verify: put a new secret in front, drop the old one when the last access token signed with it has expired (15 minutes). */
  secretKeys: string[];
  accessTokenTtlSeconds: number;
  refreshTokenTtlSeconds: number;
}

export interface EngineConfig {
  /** A lease that is not renewed for this long may be taken over. */
  leaseMs: number;
  heartbeatMs: number;
  /** How often the reconciler looks for turns that nobody woke. */
  reconcileMs: number;
  /** Conversations that one worker process works on at the same time. */
  workerConcurrency: number;
  /** How long `POST …/send` waits for the reply before it answers 202. */
  sendWaitMs: number;
  /** A turn whose worker died this many times is given up visibly. */
  maxLostAttempts: number;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const DEFAULT_SECRETS = new Set(['changeme', 'change-me', 'secret', 'your_secret_key', 'your-secret-key']);
const MIN_SECRET_LENGTH = 32;

/** Everything that can be set, typed and checked. Built once at boot; a wrong value stops the start with the fix in the message. */
export class AppConfig {
  readonly environment: 'development' | 'test' | 'production';
  /** Production rules apply: `NODE_ENV=production`, or reachable from other machines. */
  readonly isExposed: boolean;
  readonly logLevel: string;
  readonly logPretty: boolean;
  readonly http: HttpConfig;
  readonly database: DatabaseConfig;
  readonly queue: QueueConfig;
  readonly auth: AuthConfig;
  /** Who has it may read /metrics; without one only this machine may. */
  readonly metricsToken: string | undefined;
  /** Webhooks may go to private addresses and over http. */
  readonly allowPrivateWebhooks: boolean;
  readonly openai: OpenAiConfig;
  readonly limits: LimitsConfig;
  readonly sockets: SocketsConfig;
  readonly engine: EngineConfig;
  /** Undefined: nothing is traced. */
  readonly tracing: TracingConfig | undefined;
  readonly privacy: PrivacyConfig;
  readonly encryption: EncryptionConfig;
  readonly sessions: SessionsConfig;
  readonly support: SupportConfig;
  readonly escalations: EscalationsConfig;
  readonly channels: ChannelsConfig;

  constructor(env: NodeJS.ProcessEnv) {
    const reader = new EnvReader(env);
    this.environment = reader.oneOf('NODE_ENV', ['development', 'test', 'production'] as const, 'development');
    this.logLevel = reader.oneOf(
      'LOG_LEVEL',
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const,
      'info',
    );
    this.logPretty = reader.boolean('LOG_PRETTY', process.stdout.isTTY === true);
    this.http = readHttp(reader, this.environment === 'production');
    this.isExposed = this.environment === 'production' || !LOOPBACK.has(this.http.host);
    this.database = {
      url: reader.url('DATABASE_URL', ['postgres:', 'postgresql:']) ?? '',
      poolSize: reader.integer('DATABASE_POOL_SIZE', { min: 2, max: 200, fallback: 10 }),
    };
    if (this.database.url === '') {
      reader.problem(
        'DATABASE_URL',
        'is not set. Set it to postgres://user:password@host:5432/database, or use `npm start`, which brings its own PostgreSQL.',
      );
    }
    this.queue = readQueue(reader, this.database.url);
    this.auth = readAuth(reader, this.isExposed);
    this.metricsToken = readMetricsToken(reader);
    this.allowPrivateWebhooks = reader.boolean('ALLOW_PRIVATE_WEBHOOKS', false);
    this.openai = readOpenAi(reader, this.isExposed);
    this.limits = readLimits(reader);
    this.sockets = readSockets(reader);
    this.engine = readEngine(reader);
    this.tracing = readTracing(reader);
    this.privacy = readPrivacy(reader);
    this.encryption = readEncryption(reader);
    this.sessions = readSessions(reader);
    this.support = readSupport(reader, this.isExposed);
    this.escalations = readEscalations(reader);
    this.channels = readChannels(reader);
    reader.throwIfWrong();
  }
}

function readHttp(reader: EnvReader, isProduction: boolean): HttpConfig {
  return {
    host: reader.string('HOST', '127.0.0.1'),
    port: reader.integer('PORT', { min: 0, max: 65_535, fallback: 3000 }),
    workerPort: reader.integer('WORKER_PORT', { min: 0, max: 65_535, fallback: 3001 }),
    bodyLimitBytes: reader.integer('BODY_LIMIT_BYTES', { min: 1024, max: 50_000_000, fallback: 1_000_000 }),
    corsOrigins: reader.list('CORS_ORIGINS'),
    trustedProxies: reader.list('TRUSTED_PROXIES'),
    // Ctrl-C at a developer's desk has nobody to wait for.
    drainMs: reader.integer('SHUTDOWN_DRAIN_MS', { min: 0, max: 60_000, fallback: isProduction ? 5000 : 0 }),
  };
}

function readAuth(reader: EnvReader, isExposed: boolean): AuthConfig {
  const secretKeys = reader.list('SECRET_KEY');
  if (secretKeys.length === 0) {
    reader.problem(
      'SECRET_KEY',
      'is not set. Set it to at least 32 random characters, for example the output of `openssl rand -hex 32`.',
    );
  }
  if (secretKeys.some((key) => key.length < MIN_SECRET_LENGTH || DEFAULT_SECRETS.has(key.toLowerCase())) && isExposed) {
    reader.problem(
      'SECRET_KEY',
      `must have at least ${MIN_SECRET_LENGTH} characters and be no default when NODE_ENV=production or HOST is not loopback. Use the output of \`openssl rand -hex 32\`.`,
    );
  }
  return {
    secretKeys,
    accessTokenTtlSeconds: reader.integer('ACCESS_TOKEN_TTL_SECONDS', { min: 10, max: 900, fallback: 900 }),
    refreshTokenTtlSeconds: reader.integer('REFRESH_TOKEN_TTL_SECONDS', {
      min: 60,
      max: 31_536_000,
      fallback: 2_592_000,
    }),
  };
}

function readMetricsToken(reader: EnvReader): string | undefined {
  const token = reader.optional('METRICS_TOKEN');
  if (token !== undefined && token.length < 16) {
    reader.problem('METRICS_TOKEN', 'must have at least 16 characters. Use the output of `openssl rand -hex 32`.');
  }
  return token;
}

function readEngine(reader: EnvReader): EngineConfig {
  const leaseMs = reader.integer('TURN_LEASE_MS', { min: 1000, max: 120_000, fallback: 6000 });
  const heartbeatMs = reader.integer('TURN_HEARTBEAT_MS', { min: 200, max: 60_000, fallback: 2000 });
  if (heartbeatMs * 2 > leaseMs) {
    reader.problem(
      'TURN_HEARTBEAT_MS',
      'must be at most half of TURN_LEASE_MS, or a healthy worker loses its conversation.',
    );
  }
  return {
    leaseMs,
    heartbeatMs,
    reconcileMs: reader.integer('TURN_RECONCILE_MS', { min: 200, max: 60_000, fallback: 2000 }),
    workerConcurrency: reader.integer('WORKER_CONCURRENCY', { min: 1, max: 1000, fallback: 200 }),
    sendWaitMs: reader.integer('SEND_WAIT_MS', { min: 100, max: 600_000, fallback: 60_000 }),
    maxLostAttempts: reader.integer('TURN_MAX_LOST_ATTEMPTS', { min: 1, max: 100, fallback: 5 }),
  };
}
