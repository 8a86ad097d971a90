import type { BegunTurn } from '@app/conversations';
import type { PersonaVersionSnapshot } from '@app/personas';
import { AppConfig, SeldomLog } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { effectiveState } from '../conversation-state/effective-state';
import type { CompletionProvider, CompletionRequest, CompletionResult } from '../provider';
import { COMPLETION_PROVIDER } from '../provider-info';
import { cacheKey } from './cache-key';
import { type CachePlace, isRepeatable, isWorthKeeping } from './cache-place';
import { type CachedAnswer, CachedAnswersRepository } from './persistence/cached-answers.repository';

/** Answers of one workspace. With the longest of them, a few hundred megabytes; usually ten. */
export const MOST_PER_WORKSPACE = 10_000;
/** After so many new answers this process looks whether a workspace has too many; in between it may have a few more. */
const LOOK_EVERY = 100;
const BATCH = 1_000;

/** Gives answers again to requests that are the same, for personas that want it. */
@Injectable()
export class AnswerCacheService {
  private stored = 0;
  private readonly failures: SeldomLog;

  constructor(
    private readonly answers: CachedAnswersRepository,
    private readonly config: AppConfig,
    @Inject(COMPLETION_PROVIDER) private readonly provider: CompletionProvider,
    logger: PinoLogger,
  ) {
    this.failures = new SeldomLog(logger, 'cached answers could not be cleaned up; trying again');
  }

  /** Null when the persona has no cache, or this request is none that an answer could be given to again. Asks nobody. */
  placeOf(turn: BegunTurn, persona: PersonaVersionSnapshot, request: CompletionRequest): CachePlace | null {
    const { answerCache } = persona;
    // What is encrypted in its conversation is not kept elsewhere.
    if (answerCache === null || turn.isEncrypted || !isRepeatable(turn, persona, request)) return null;
    const choices = { persona: persona.conversationState, workspace: turn.workspaceConversationState };
    // What a copy at the upstream remembers is not in the request.
    if (effectiveState(choices, this.config.openai.api !== 'chat') !== 'stateless') return null;
    const asked = { personaId: persona.personaId, personaVersionId: persona.id, upstream: this.provider.info, request };
    const secret = this.config.auth.secretKeys[0]!;
    const ownKey = cacheKey(secret, asked, turn.userId);
    return {
      ownKey,
      sharedKey: answerCache.isShared ? cacheKey(secret, asked, null) : ownKey,
      ttlSeconds: answerCache.ttlSeconds,
      request,
    };
  }

  /** The answer to give; undefined when the model is to be asked. Whoever asks for another reply gets another one, which takes the place of this. */
  async find(turn: BegunTurn, place: CachePlace | null): Promise<CachedAnswer | undefined> {
    if (place === null || turn.isAlternative) return undefined;
    return this.answers.find({ ...place, personaId: turn.personaId });
  }

  /** To be called without waiting, after `finish` in its transaction. @param asked the request that was answered in the end */
  async keep(
    turn: BegunTurn,
    place: CachePlace | null,
    asked: CompletionRequest,
    result: CompletionResult,
    content: string,
  ): Promise<void> {
    if (place === null || !isWorthKeeping(place, asked, result)) return;
    const { ownKey, sharedKey, ttlSeconds } = place;
    const { personaId, turnId, attempt } = turn;
    const model = result.model.slice(0, 200);
    const confidence = result.verdict?.confidence ?? null;
    this.stored += 1;
    if (this.stored % LOOK_EVERY === 0) this.trimSoon(turn.workspaceId);
    await this.answers.store({ ownKey, sharedKey, ttlSeconds, personaId, turnId, attempt, content, model, confidence });
  }

  /** Removes what has run out and what is too much. */
  async cleanUp(): Promise<void> {
    while ((await this.answers.removeExpired(BATCH)) === BATCH);
    for (const workspaceId of await this.answers.workspacesOver(MOST_PER_WORKSPACE)) {
      await this.answers.removeOldest(workspaceId, MOST_PER_WORKSPACE);
    }
  }

  /** Outside the transaction of the reply, which must not wait for it. */
  private trimSoon(workspaceId: number): void {
    setImmediate(() => {
      this.answers.removeOldest(workspaceId, MOST_PER_WORKSPACE).catch((error: unknown) => this.failures.warn(error));
    });
  }
}
