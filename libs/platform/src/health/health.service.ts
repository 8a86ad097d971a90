import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { type EncryptionHealth, KeyRotation } from '../encryption';
import { JobQueue } from '../queue';
import { within } from '../within';

/** How the model API is, as the workers see it. */
export interface UpstreamHealth {
  breaker: 'closed' | 'open' | 'half_open';
  held_models: number;
}

/** Whether models that are in use end; counts of models. */
export interface ModelsHealth {
  status: 'ok' | 'warning';
  shut_down: number;
  ending_soon: number;
  unknown: number;
  read_at: string | null;
}

/** Whether channels to other systems, such as WhatsApp, do what they are for; counts of channels. */
export interface ChannelsHealth {
  status: 'ok' | 'warning';
  refused: number;
  unheard: number;
}

export interface ComponentHealth {
  status: 'up' | 'down';
  latency_ms: number;
}

const CHECK_TIMEOUT_MS = 2000;
const CACHE_MS = 1000;

/** Checks what this process needs, at most once a second however often it is asked. */
@Injectable()
export class HealthService {
  private cached: { at: number; components: Promise<Record<string, ComponentHealth>> } | undefined;
  private isShuttingDown = false;
  private upstream: (() => Promise<UpstreamHealth>) | undefined;
  private models: (() => Promise<ModelsHealth>) | undefined;
  private channels: (() => Promise<ChannelsHealth | null>) | undefined;

  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly rotation: KeyRotation,
  ) {}

  /** The library that talks to the model API says here how to ask for its state. */
  reportUpstreamBy(report: () => Promise<UpstreamHealth>): void {
    this.upstream = report;
  }

  /** The library that watches models says here how to ask for them. */
  reportModelsBy(report: () => Promise<ModelsHealth>): void {
    this.models = report;
  }

  /** The library that has the channels says here how to ask for them. */
  reportChannelsBy(report: () => Promise<ChannelsHealth | null>): void {
    this.channels = report;
  }

  /** Null where nobody knows. */
  async channelsHealth(): Promise<ChannelsHealth | null> {
    if (this.channels === undefined) return null;
    return within(this.channels(), CHECK_TIMEOUT_MS).catch(() => null);
  }

  /** Null where nobody knows. */
  async modelsHealth(): Promise<ModelsHealth | null> {
    if (this.models === undefined) return null;
    return within(this.models(), CHECK_TIMEOUT_MS).catch(() => null);
  }

  /** Null while the database cannot be asked. */
  async encryptionHealth(): Promise<EncryptionHealth | null> {
    return within(this.rotation.health(), CHECK_TIMEOUT_MS).catch(() => null);
  }

  /** Null where nobody knows: in a process without the model API, or without the database. */
  async upstreamHealth(): Promise<UpstreamHealth | null> {
    if (this.upstream === undefined) return null;
    return within(this.upstream(), CHECK_TIMEOUT_MS).catch(() => null);
  }

  /** The first thing that an orderly end does: a load balancer must see it before the port closes. */
  onModuleDestroy(): void {
    this.isShuttingDown = true;
  }

  async components(): Promise<Record<string, ComponentHealth>> {
    if (this.cached === undefined || performance.now() - this.cached.at > CACHE_MS) {
      this.cached = { at: performance.now(), components: this.check() };
    }
    return this.cached.components;
  }

  /**
   * Whether a load balancer should send requests here. The queue does not count: without it messages are accepted and answered, only
   * later, and since all processes share it, taking them all out of service would turn slow into down.
   */
  async isReady(): Promise<boolean> {
    if (this.isShuttingDown) return false;
    return (await this.components()).database!.status === 'up';
  }

  private async check(): Promise<Record<string, ComponentHealth>> {
    const [database, queue] = await Promise.all([
      measure(() => this.database.query('SELECT 1')),
      measure(() => this.queue.check()),
    ]);
    return { database, queue };
  }
}

async function measure(check: () => Promise<unknown>): Promise<ComponentHealth> {
  const startedAt = performance.now();
  const isUp = await within(check(), CHECK_TIMEOUT_MS).then(
    () => true,
    () => false,
  );
  return { status: isUp ? 'up' : 'down', latency_ms: Math.round(performance.now() - startedAt) };
}
