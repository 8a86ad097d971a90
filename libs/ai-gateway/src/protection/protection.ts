import { AppConfig } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { CompletionRequest, PromptMessage } from '../provider';
import { Breaker } from './breaker';
import { CallPass } from './call-pass';
import { holdDelayMs } from './hold-delay';
import { Limiter } from './limiter';
import { chooseModel } from './model-plan';
import { Slots } from './slots';
import { UpstreamMetrics } from './upstream-metrics';

/** A turn that asks for a call. */
export interface AdmissionRequest {
  /** The persona's models, the preferred one first. */
  models: readonly string[];
  /** Which of them is tried now. */
  modelIndex: number;
  /** For how long the turn has been held back before, in milliseconds. */
  heldMs: number;
  /** Tokens that the call will count for, roughly. */
  cost: number;
  signal: AbortSignal;
}

/** `held`: no call now; put the turn back for `delayMs`, or give it up with `code` when it has waited too long. */
export type Admission =
  | { kind: 'go'; modelIndex: number; pass: CallPass }
  | { kind: 'held'; delayMs: number; isTooLong: boolean; code: HoldCode };

/** Why no call was made. Both are error codes of the reply when it takes too long. */
export type HoldCode = 'UPSTREAM.MODEL_HELD' | 'UPSTREAM.CIRCUIT_OPEN';

/** What stands between a turn and the model API: breaker, concurrency, limits. Nothing here waits for long; who must wait is put back. */
@Injectable()
export class Protection {
  private readonly slots: Slots;
  private readonly maxHoldMs: number;

  constructor(
    config: AppConfig,
    private readonly limiter: Limiter,
    private readonly breaker: Breaker,
    private readonly metrics: UpstreamMetrics,
  ) {
    this.slots = new Slots(config.openai.protection.maxConcurrency);
    this.maxHoldMs = config.openai.protection.maxHoldMs;
  }

  get callsInFlight(): number {
    return this.slots.inUse;
  }

  get callsWaiting(): number {
    return this.slots.waitingCount;
  }

  /** Asks for one call, before it is written into the ledger. A pass must be used or released. */
  async admit(request: AdmissionRequest): Promise<Admission> {
    // Who will not get through does not stand in the line for a slot.
    const early = this.mustWait(request);
    if (early !== null) return early;
    const hasSlot = await this.slots.acquire(request.signal);
    if (!hasSlot) return this.held(request, 'UPSTREAM.MODEL_HELD', 0, false);
    let admission: Admission | undefined;
    try {
      admission = await this.admitWithSlot(request);
      return admission;
    } finally {
      if (admission?.kind !== 'go') this.slots.release();
    }
  }

  private mustWait(request: AdmissionRequest): Admission | null {
    const breakerMs = this.breaker.waitMs();
    if (breakerMs > 0) return this.held(request, 'UPSTREAM.CIRCUIT_OPEN', breakerMs, false);
    const { waitMs } = this.choose(request);
    return waitMs > 0 ? this.held(request, 'UPSTREAM.MODEL_HELD', waitMs, true) : null;
  }

  private async admitWithSlot(request: AdmissionRequest): Promise<Admission> {
    for (;;) {
      const { modelIndex, waitMs } = this.choose(request);
      if (waitMs > 0) return this.held(request, 'UPSTREAM.MODEL_HELD', waitMs, false);
      const model = request.models[modelIndex]!;
      const limit = await this.limiter.take(model, request.cost);
      // Nothing is left of this one: from now on it has a wait, and perhaps the next one is chosen.
      if ('waitMs' in limit) continue;
      const pass = new CallPass(model, limit.pass, this.limiter, this.breaker, this.metrics, () =>
        this.slots.release(),
      );
      // Last, since a probe that is claimed must be made.
      const answer = await this.breaker.ask().catch((error: unknown) => {
        this.limiter.end(limit.pass);
        throw error;
      });
      if (answer.kind === 'go') return { kind: 'go', modelIndex, pass: pass.withProbe(answer.probe) };
      this.limiter.end(limit.pass);
      return this.held(request, 'UPSTREAM.CIRCUIT_OPEN', answer.ms, false);
    }
  }

  private choose({ models, modelIndex }: AdmissionRequest): { modelIndex: number; waitMs: number } {
    return chooseModel(
      models.map((model) => this.limiter.waitMs(model)),
      Math.min(modelIndex, models.length - 1),
    );
  }

  private held(request: AdmissionRequest, code: HoldCode, waitMs: number, isTold: boolean): Admission {
    this.metrics.held(code === 'UPSTREAM.CIRCUIT_OPEN' ? 'breaker' : 'rate_limit');
    return {
      kind: 'held',
      code,
      isTooLong: request.heldMs + waitMs > this.maxHoldMs,
      delayMs: request.signal.aborted ? 0 : holdDelayMs(waitMs, isTold, request.heldMs, Math.random()),
    };
  }
}

/** About four characters make a token; upstreams count the longest answer that was asked for, too. */
const CHARACTERS_PER_TOKEN = 4;
/** A picture of usual size and detail is about a thousand tokens. */
const CHARACTERS_PER_IMAGE = 4000;

function charactersOf(content: PromptMessage['content']): number {
  if (typeof content === 'string') return content.length;
  return content.reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : CHARACTERS_PER_IMAGE), 0);
}

/** What a call counts for at the upstream before it is answered: an estimate that costs nothing. */
export function costOf({ instructions, input, maxOutputTokens }: CompletionRequest): number {
  const characters = input.reduce((sum, { content }) => sum + charactersOf(content), instructions.length);
  return Math.ceil(characters / CHARACTERS_PER_TOKEN) + (maxOutputTokens ?? 0);
}
