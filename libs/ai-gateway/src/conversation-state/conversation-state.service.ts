import { setTimeout as delay } from 'node:timers/promises';
import type { ConversationState } from '@app/contracts';
import { type BegunTurn, TurnWorkService } from '@app/conversations';
import { AppConfig } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import {
  type CompletionRequest,
  type CompletionResult,
  type ConversationsApi,
  type PromptMessage,
  ProviderError,
} from '../provider';
import { CONVERSATIONS_API } from '../provider-info';
import type { Redaction } from '../redaction';
import { effectiveState } from './effective-state';
import { type LeasedTurn, RemoteConversationsRepository } from './persistence/remote-conversations.repository';
import { isRefusal, recoveryFrom, type Tried } from './recovery';
import { RemoteConversationBuilder } from './remote-conversation-builder';
import { MAX_REPLAYED_TURNS, messagesToReplay, newestTurn } from './remote-history';

/** While the upstream has no conversations, or takes long to say so, `hybrid` does not ask again for so long. */
const UNAVAILABLE_MS = 30_000;

/** What says that no conversation can be had at present, and not that something is wrong with this one. */
const UNAVAILABLE = new Set(['UPSTREAM.NOT_FOUND', 'UPSTREAM.FORBIDDEN', 'UPSTREAM.UNAUTHORIZED', 'UPSTREAM.TIMEOUT']);

/** One turn that is to be answered, and how to ask the model. */
export interface Question {
  turn: BegunTurn;
  token: number;
  /** What the persona's version says. */
  personaState: string | null;
  /** Reserved: what the channel says that the message came through. */
  channelState?: string | null;
  /** As it is sent without a remote conversation. */
  request: CompletionRequest;
  signal: AbortSignal;
  /** The request holds what others have written: it is for this answer only, and must not stay in a conversation at the upstream. */
  hasBackground?: boolean;
  /** What the upstream must not see is taken out by `ask`, and by it of what a copy is filled with. Null: nothing. */
  redaction: Redaction | null;
  /** Of the redaction that copies have to be made with. */
  redactionSignature: string | null;
  /** Sends one request. */
  ask: (request: CompletionRequest) => Promise<CompletionResult>;
  /** Called before one more request is sent inside the same attempt, so that the ledger counts both. */
  onExtraRequest: (failure: ProviderError) => Promise<void>;
}

export interface Answer {
  result: CompletionResult;
  /** The remote conversation that holds this exchange now, if nothing is doubtful about it; to be given to `settle`. */
  remoteId: string | null;
}

/** Where the context of a turn is kept, and what is done when that place fails. See docs/conversation-state.md. */
@Injectable()
export class ConversationStateService {
  private unavailableUntil = 0;

  constructor(
    private readonly turns: TurnWorkService,
    private readonly remotes: RemoteConversationsRepository,
    private readonly builder: RemoteConversationBuilder,
    @Inject(CONVERSATIONS_API) private readonly api: ConversationsApi,
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * Answers a turn in the state that applies to it.
   * @throws ProviderError when it failed for good, or is to be retried like any other attempt
   */
  async answer(question: Question): Promise<Answer> {
    const { turn, personaState: persona, channelState: channel } = question;
    const choices = { channel, persona, workspace: turn.workspaceConversationState };
    const state = effectiveState(choices, this.config.openai.api !== 'chat');
    if (state === 'stateless') {
      // Nothing more is kept there than the state allows.
      if (turn.openaiConversationId !== null) await this.remotes.forget(turn.conversationId, turn.openaiConversationId);
      return this.fromHistory(question);
    }
    // The next turn without any finds the copy out of date, and makes it anew.
    if (question.hasBackground === true) return this.fromHistory(question);
    if (state === 'hybrid' && performance.now() < this.unavailableUntil) return this.fromHistory(question);
    let remoteId: string | null;
    try {
      remoteId = await this.upToDate(question);
    } catch (error) {
      if (state !== 'hybrid' || !(error instanceof ProviderError) || question.signal.aborted) throw error;
      // The turn is not ours any more.
      if (error.code === 'UPSTREAM.CANCELLED') throw error;
      this.warnOf(question, error, 'answered from our own history');
      // A quick no costs little to hear again; a slow one would hold up every message.
      const isCostly = UNAVAILABLE.has(error.code);
      if (isCostly) this.unavailableUntil = performance.now() + UNAVAILABLE_MS;
      return this.fromHistory(question);
    }
    return remoteId === null ? this.fromHistory(question) : this.converse(question, state, remoteId);
  }

  /** Issue it without waiting, after `finish` in its transaction: from then on the remote conversation may be used for the next turn. */
  async settle(turn: BegunTurn, remoteId: string | null): Promise<void> {
    if (remoteId !== null) await this.remotes.holds(turn.conversationId, remoteId, turn.turnId, turn.attempt);
  }

  private async fromHistory({ request, ask }: Question): Promise<Answer> {
    return { result: await ask(request), remoteId: null };
  }

  private async converse(question: Question, state: ConversationState, firstId: string): Promise<Answer> {
    const tried: Tried = { repeats: 0, rebuilds: 0 };
    let remoteId = firstId;
    for (;;) {
      try {
        const result = await question.ask(inConversation(question.request, remoteId));
        // Of an answer that was cut the upstream may keep more or less than we do.
        return { result, remoteId: result.finish === 'max_tokens' ? null : remoteId };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        const recovery = question.signal.aborted
          ? ({ what: 'give-up' } as const)
          : recoveryFrom(error, state, tried, Math.random);
        if (recovery.what === 'give-up') {
          if (isRefusal(error)) {
            await this.remotes.stillHolds(leased(question), remoteId, newestTurn(question.turn.history));
          }
          throw error;
        }
        this.warnOf(question, error, recovery.what);
        if (recovery.what === 'repeat') {
          tried.repeats += 1;
          await delay(recovery.delayMs, undefined, { signal: question.signal }).catch(() => undefined);
        }
        if (recovery.what === 'rebuild') {
          tried.rebuilds += 1;
          const rebuilt = await this.rebuildInstead(question, state, error);
          if (rebuilt === null) return this.afterwards(question, error);
          remoteId = rebuilt;
        }
        if (recovery.what === 'from-history') return this.afterwards(question, error);
        await question.onExtraRequest(error);
      }
    }
  }

  private async afterwards(question: Question, failure: ProviderError): Promise<Answer> {
    await question.onExtraRequest(failure);
    return this.fromHistory(question);
  }

  /** Null when it failed, too, or may not be done, and our own history is to answer. */
  private async rebuildInstead(
    question: Question,
    state: ConversationState,
    cause: ProviderError,
  ): Promise<string | null> {
    // A copy of what can be read without the key would be without the rest when the key is back.
    if (question.turn.lacksKey) return null;
    try {
      // What was too long once would be too long again.
      return await this.rebuild(question, cause.code === 'UPSTREAM.CONTEXT_TOO_LONG' ? 0.5 : 1);
    } catch (error) {
      if (state !== 'hybrid' || !(error instanceof ProviderError) || question.signal.aborted) throw error;
      return null;
    }
  }

  /** The remote conversation that holds exactly our history, made anew if need be; null when a key is missing for that. @throws ProviderError */
  private async upToDate(question: Question): Promise<string | null> {
    const newest = newestTurn(question.turn.history);
    const known = await this.remotes.use(leased(question), newest, this.api.upstream, question.redactionSignature);
    if (known !== null) return known;
    return question.turn.lacksKey ? null : this.rebuild(question, 1);
  }

  private async rebuild(question: Question, share: number): Promise<string> {
    const { turn, request, signal, redaction } = question;
    const tokenBudget = Math.floor(this.config.limits.contextTokenBudget * share);
    const read = async (): Promise<PromptMessage[]> => {
      if (newestTurn(turn.history) === 0) return [];
      const history = await this.turns.history(turn.conversationId, MAX_REPLAYED_TURNS, turn.userSeq);
      const messages = messagesToReplay(history, turn.content, tokenBudget, request.input);
      return redaction === null ? messages : messages.map((message) => redaction.redactMessage(message));
    };
    return this.builder.build(leased(question), read, signal, question.redactionSignature);
  }

  private warnOf({ turn }: Question, error: ProviderError, next: string): void {
    this.logger.warn(
      { conversation_id: turn.conversationId, turn_id: turn.turnId, code: error.code, detail: error.logDetail, next },
      'the conversation at the upstream could not be used',
    );
  }
}

const leased = ({ turn, token }: Question): LeasedTurn => ({
  conversationId: turn.conversationId,
  turnId: turn.turnId,
  token,
});

/** The upstream has the rest. */
const inConversation = (request: CompletionRequest, conversationId: string): CompletionRequest => ({
  ...request,
  conversationId,
  input: request.input.slice(-1),
});
