import { AppConfig, EventsBus, SeldomLog } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type SharedBreaker, UpstreamBreakersRepository } from '../persistence/upstream-breakers.repository';
import { type BreakerPosition, type BreakerView, CLOSED, evidenceOf, verdictOf } from './breaker-state';
import { FailureWindow } from './failure-window';
import { upstreamName } from './upstream-name';

/** Well within the 15 s after which a probe that is not renewed counts as lost. */
const RENEW_PROBE_MS = 5000;
/** Who came too late to be the probe looks again after this. */
const NEXT_LOOK_MS = 500;

/** `probe`: this call tries whether the upstream is back, and its outcome decides for everybody. */
export type BreakerAnswer = { kind: 'go'; probe: Probe | null } | { kind: 'wait'; ms: number };

export interface Probe {
  token: number;
  stopRenewing(): void;
}

/** The circuit breaker of the upstream. Each process counts for itself; what follows from it is shared through the database. */
@Injectable()
export class Breaker {
  private readonly upstream: string;
  private readonly window: FailureWindow;
  private readonly cooldownMs: number;
  private readonly trouble: SeldomLog;
  private view: BreakerView = CLOSED;

  constructor(
    config: AppConfig,
    private readonly breakers: UpstreamBreakersRepository,
    private readonly events: EventsBus,
    private readonly logger: PinoLogger,
  ) {
    this.upstream = upstreamName(config.openai);
    this.window = new FailureWindow(config.openai.protection.breakerFailures);
    this.cooldownMs = config.openai.protection.breakerCooldownMs;
    this.trouble = new SeldomLog(logger, 'the state of the circuit breaker could not be shared with the other workers');
  }

  get position(): BreakerPosition {
    return this.view.position;
  }

  /** Whether a call would have to wait now; asks nobody. */
  waitMs(): number {
    const verdict = verdictOf(this.view, performance.now());
    return verdict.kind === 'wait' ? verdict.ms : 0;
  }

  /** Whether a call may go out. While closed this asks nobody. */
  async ask(): Promise<BreakerAnswer> {
    const verdict = verdictOf(this.view, performance.now());
    if (verdict.kind === 'go') return { kind: 'go', probe: null };
    if (verdict.kind === 'wait') return verdict;
    const token = await this.breakers.claimProbe(this.upstream);
    if (token !== null) {
      this.logger.info({ upstream: this.upstream }, 'trying whether the model API is back');
      this.tell();
      return { kind: 'go', probe: this.startProbe(token) };
    }
    await this.refresh();
    if (this.view.position === 'closed') return { kind: 'go', probe: null };
    return { kind: 'wait', ms: Math.max(NEXT_LOOK_MS, this.waitMs()) };
  }

  /**
   * Takes the outcome of a call. Never fails: an answer must not be lost because the breaker could not be told of it.
   * @param code of the failure; null for an answer
   */
  async report(model: string, code: string | null, probe: Probe | null): Promise<void> {
    const evidence = evidenceOf(code);
    try {
      if (probe !== null) await this.endProbe(probe, evidence, code);
      // What began before it opened says nothing new.
      else if (evidence !== 'nothing' && this.view.position === 'closed') {
        if (this.window.record(model, evidence === 'fault', performance.now())) await this.open(code!);
      }
    } catch (error) {
      this.trouble.warn(error);
    }
  }

  /** Takes over what is in the database. */
  apply(shared: SharedBreaker | undefined): void {
    const before = this.view.position;
    const now = performance.now();
    this.view =
      shared === undefined || shared.position === 'closed'
        ? CLOSED
        : {
            position: shared.position,
            retryAt: now + shared.retryMs,
            probeUntil: now + shared.probeMs,
            errorCode: shared.errorCode,
          };
    if (before !== this.view.position) this.moved(before);
  }

  private async open(code: string): Promise<void> {
    this.window.clear();
    const hasOpened = await this.breakers.open(this.upstream, this.cooldownMs, code);
    if (hasOpened) this.tell();
    await this.refresh();
  }

  private startProbe(token: number): Probe {
    const timer = setInterval(() => {
      this.breakers.renewProbe(this.upstream, token).catch((error: unknown) => this.trouble.warn(error));
    }, RENEW_PROBE_MS);
    return { token, stopRenewing: () => clearInterval(timer) };
  }

  private async endProbe(probe: Probe, evidence: 'works' | 'fault' | 'nothing', code: string | null): Promise<void> {
    probe.stopRenewing();
    if (evidence === 'works') await this.breakers.closeByProbe(this.upstream, probe.token);
    else if (evidence === 'fault') await this.breakers.reopen(this.upstream, this.cooldownMs, code!, probe.token);
    else await this.breakers.giveBackProbe(this.upstream, probe.token);
    this.tell();
    await this.refresh();
  }

  private async refresh(): Promise<void> {
    this.apply(await this.breakers.current(this.upstream));
  }

  private moved(before: BreakerPosition): void {
    this.window.clear();
    const { position, errorCode } = this.view;
    const fields = { upstream: this.upstream, breaker: position, code: errorCode };
    if (position === 'closed') this.logger.info(fields, 'the model API is back: messages go out again');
    else if (before === 'closed') this.logger.error(fields, 'the model API is down: messages wait until it is back');
  }

  private tell(): void {
    this.events.publish({ type: 'upstream.changed', upstream: this.upstream });
  }
}
