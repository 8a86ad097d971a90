import { WorkspacesService } from '@app/auth';
import { type StoredTurn, StoredTurns } from '@app/conversations';
import { badInput } from '@app/kernel';
import type { Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { EscalationEvaluator } from '../escalation-evaluator';
import { EscalationRules } from '../escalation-rules';
import { EscalationRulesRepository } from '../persistence/escalation-rules.repository';
import type { RuleSet } from '../rule-set';
import { backtestBusy } from '../rules.errors';
import type { Trigger, TriggerKind } from '../trigger';
import { encodeMidway, type Midway } from './backtest-cursor';

export interface BacktestWish {
  workspaceId: number;
  personaId: number | null;
  /** Null: those that count now for each conversation. */
  rules: RuleSet | null;
  from: Date | null;
  to: Date | null;
  /** Messages that are looked at, at most. */
  maxMessages: number;
  /** Hits that are listed, at most. */
  limit: number;
  after: Midway | undefined;
}

/** A message at which a person would have taken over. */
export interface BacktestHit {
  turn: StoredTurn;
  triggers: Trigger[];
  /** The escalation would have begun here; later hits of the same conversation only add reasons. */
  isFirst: boolean;
}

export interface BacktestResult {
  messages: number;
  conversations: number;
  /** Conversations that would have been handed over. */
  escalated: number;
  triggers: Partial<Record<TriggerKind, number>>;
  unreadable: number;
  hits: BacktestHit[];
  /** Everything up to the end was looked at. */
  isComplete: boolean;
  nextCursor: string | null;
}

/** Each takes a core of this process for some seconds, and shares it with the messages that are sent meanwhile. */
const MAX_AT_ONCE = 2;
/** How long one may take; what is left comes with the cursor. */
const DEADLINE_MS = 20_000;
/** How long others may wait for this process. */
const PAUSE_AFTER_MS = 15;
/** Messages between two looks at the clock. */
const LOOK_EVERY = 16;
const MAX_CONFIDENCES = 20;

/** Asks of what was said before when rules would have brought a person in. Nothing is changed. */
@Injectable()
export class BacktestService {
  private running = 0;

  constructor(
    private readonly turns: StoredTurns,
    private readonly evaluator: EscalationEvaluator,
    private readonly rules: EscalationRules,
    private readonly repository: EscalationRulesRepository,
    private readonly workspaces: WorkspacesService,
  ) {}

  /** @throws 404 WORKSPACE.NOT_FOUND, 403 WORKSPACE.FORBIDDEN, 422 for a persona of another workspace, 429 ESCALATION.BACKTEST_BUSY */
  async run(principal: Principal, wish: BacktestWish): Promise<BacktestResult> {
    await this.workspaces.requireOwner(principal, wish.workspaceId);
    if (wish.personaId !== null && !(await this.repository.hasPersona(wish.workspaceId, wish.personaId))) {
      throw badInput('persona_id', 'is no persona of this workspace.');
    }
    if (this.running >= MAX_AT_ONCE) throw backtestBusy();
    this.running += 1;
    try {
      return await this.walk(principal.userId, wish);
    } finally {
      this.running -= 1;
    }
  }

  private async walk(readerId: number, wish: BacktestWish): Promise<BacktestResult> {
    const { workspaceId, personaId, from, to, after } = wish;
    const result = emptyResult();
    const deadline = performance.now() + DEADLINE_MS;
    let lookedAt = performance.now();
    let midway = after;
    for await (const turn of this.turns.read({ workspaceId, readerId, personaId, from, to }, after?.place)) {
      const isSame = midway?.place.conversationId === turn.conversationId;
      const isLate = result.messages % LOOK_EVERY === 0 && performance.now() > deadline;
      if (result.messages >= wish.maxMessages || isLate) return stopped(result, midway);
      if (!isSame) result.conversations += 1;
      const state: Midway = {
        place: { conversationId: turn.conversationId, seq: turn.seq, turnId: turn.turnId },
        wasEscalated: isSame && midway?.wasEscalated === true,
        confidences: isSame ? midway!.confidences : [],
      };
      const triggers = this.triggersOf(turn, wish, state);
      // A page that is full says where the next one begins; the first page counts on, so that its sums are those of all.
      if (triggers.length > 0 && result.hits.length >= wish.limit) {
        if (after !== undefined) return stopped(result, midway);
        result.nextCursor ??= encodeMidway(midway!);
      }
      count(result, turn, triggers, state.wasEscalated, wish.limit);
      midway = {
        place: state.place,
        wasEscalated: state.wasEscalated || triggers.length > 0,
        confidences: [turn.confidence, ...state.confidences].slice(0, MAX_CONFIDENCES),
      };
      if (result.messages % LOOK_EVERY === 0 && performance.now() - lookedAt > PAUSE_AFTER_MS) {
        await new Promise(setImmediate);
        lookedAt = performance.now();
      }
    }
    return { ...result, isComplete: true };
  }

  private triggersOf(turn: StoredTurn, wish: BacktestWish, state: Midway): Trigger[] {
    const rules = wish.rules ?? this.rules.of(wish.workspaceId, turn.personaId, turn.channel);
    if (rules === null) return [];
    return this.evaluator.evaluate(
      {
        said: turn.said ?? '',
        confidence: turn.confidence,
        // What the model decided is kept only where a person took over because of it.
        needsHuman: turn.escalationReason === 'model_decision',
        errorCode: turn.errorCode,
      },
      {
        rules,
        now: turn.saidAt,
        earlierConfidences: state.confidences,
        wasEscalated: state.wasEscalated,
      },
    );
  }
}

const emptyResult = (): BacktestResult => ({
  messages: 0,
  conversations: 0,
  escalated: 0,
  triggers: {},
  unreadable: 0,
  hits: [],
  isComplete: false,
  nextCursor: null,
});

const stopped = (result: BacktestResult, midway: Midway | undefined): BacktestResult => ({
  ...result,
  nextCursor: result.nextCursor ?? (midway === undefined ? null : encodeMidway(midway)),
});

function count(
  result: BacktestResult,
  turn: StoredTurn,
  triggers: Trigger[],
  wasEscalated: boolean,
  limit: number,
): void {
  result.messages += 1;
  if (turn.said === null) result.unreadable += 1;
  if (triggers.length === 0) return;
  if (!wasEscalated) result.escalated += 1;
  for (const { kind } of triggers) result.triggers[kind] = (result.triggers[kind] ?? 0) + 1;
  if (result.nextCursor === null && result.hits.length < limit) {
    result.hits.push({ turn, triggers, isFirst: !wasEscalated });
  }
}
