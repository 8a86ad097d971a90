import { type Outcome, TurnWorkService } from '@app/conversations';
import type { PersonaVersionSnapshot } from '@app/personas';
import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { BuiltRequest } from '../completion-request.builder';
import { LedgerService } from '../ledger.service';
import type { CompletionProvider } from '../provider';
import { COMPLETION_PROVIDER } from '../provider-info';
import { SummaryRequests } from '../summary';
import { TurnEndings } from '../turn-endings';
import {
  type BegunAttempt,
  lastEventOf,
  logAttempt,
  MAX_MODEL_LENGTH,
  responseTime,
  type TurnResult,
} from '../turn-attempt';
import type { CachedAnswer } from './persistence/cached-answers.repository';

const NOTHING_USED = {
  input_tokens: 0,
  cached_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  total_tokens: 0,
  is_estimated: false,
};

/** Writes down a reply that came from the cache: turn, reply and ledger row in one transaction, like any other. */
@Injectable()
export class CachedReplies {
  constructor(
    private readonly turns: TurnWorkService,
    private readonly endings: TurnEndings,
    private readonly ledger: LedgerService,
    private readonly summaries: SummaryRequests,
    @Inject(COMPLETION_PROVIDER) private readonly provider: CompletionProvider,
    private readonly logger: PinoLogger,
  ) {}

  async reply(
    begun: BegunAttempt,
    persona: PersonaVersionSnapshot,
    { request, fitted }: BuiltRequest,
    { content, model, confidence }: CachedAnswer,
  ): Promise<TurnResult> {
    const { turn, token, stream, startedAt } = begun;
    // Watchers see what they see of any reply; a second try to write it down must not say it twice.
    if (stream.isEmpty) stream.add(content);
    const outcome: Outcome = {
      status: 'completed',
      errorCode: null,
      lastEvent: lastEventOf(stream),
      message: {
        status: 'completed',
        content,
        personaVersionId: persona.id,
        tokensUsed: 0,
        modelUsed: model,
        responseTimeMs: responseTime(begun),
        usage: NOTHING_USED,
        isCached: true,
        confidence,
      },
    };
    // Answers that ask for a person are not kept.
    const ended = { reply: content, confidence, needsHuman: false, errorCode: null };
    const decision = await this.endings.decide(turn, ended);
    const { finish, recorded } = await this.endings.end(turn, token, outcome, decision, () => [
      this.ledger.recordCached(
        {
          workspaceId: turn.workspaceId,
          userId: turn.userId,
          personaId: turn.personaId,
          personaVersionId: persona.id,
          conversationId: turn.conversationId,
          turnId: turn.turnId,
          purpose: 'reply',
          channel: turn.channel,
          experimentId: turn.experimentId,
          attempt: turn.attempt,
          modelRequested: request.model.slice(0, MAX_MODEL_LENGTH),
          queueMs: Math.max(0, turn.queueMs),
        },
        this.provider.info,
        { model, totalMs: Math.round(performance.now() - startedAt) },
      ),
    ]);
    const status = finish === 'not-ours' ? await this.turns.wasFinished(turn) : finish.status;
    if (status === undefined) return 'not-ours';
    this.endings.announce(turn, status, recorded);
    this.summaries.afterTurn(turn, fitted.firstSeq);
    logAttempt(this.logger, 'info', begun, { tokens: 0, model, is_cached: true }, `turn ${status}`);
    return finish !== 'not-ours' && finish.isReleased ? 'released' : 'finished';
  }
}
