import { ConversationActivity } from '@app/conversations';
import { HealthService } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SupportSessionsRepository } from './persistence/support-sessions.repository';

/** Anybody may ask, as often as they like: the database is asked this seldom. */
const KEPT_MS = 3_000;

export interface SupportMetrics {
  activeSessions: number;
  openTurns: number;
  answers: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

export interface SupportHealth {
  status: 'healthy' | 'degraded' | 'unhealthy';
  database: 'up' | 'down';
  queue: 'up' | 'down';
  /** Null without the database. */
  metrics: SupportMetrics | null;
}

/** How the installation is, in numbers that say nothing about anybody. */
@Injectable()
export class SupportHealthService {
  private kept: { at: number; health: Promise<SupportHealth> } | undefined;

  constructor(
    private readonly health: HealthService,
    private readonly activity: ConversationActivity,
    private readonly sessions: SupportSessionsRepository,
  ) {}

  async now(): Promise<SupportHealth> {
    if (this.kept === undefined || performance.now() - this.kept.at > KEPT_MS) {
      this.kept = { at: performance.now(), health: this.look() };
    }
    return this.kept.health;
  }

  private async look(): Promise<SupportHealth> {
    const [components, upstream] = await Promise.all([this.health.components(), this.health.upstreamHealth()]);
    const database = components.database!.status;
    const queue = components.queue!.status;
    const isWhole = queue === 'up' && (upstream === null || upstream.breaker === 'closed');
    return {
      status: database === 'down' ? 'unhealthy' : isWhole ? 'healthy' : 'degraded',
      database,
      queue,
      metrics: database === 'down' ? null : await this.measure().catch(() => null),
    };
  }

  private async measure(): Promise<SupportMetrics> {
    const [activity, activeSessions] = await Promise.all([this.activity.now(), this.sessions.countActive()]);
    return { ...activity, activeSessions };
  }
}
