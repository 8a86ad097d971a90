import { createHmac } from 'node:crypto';
import { NO_CONTEXT, type TurnContext } from '@app/contracts';
import { type BegunTurn, TurnHandOff } from '@app/conversations';
import type { PersonaVersionSnapshot } from '@app/personas';
import { AppConfig } from '@app/platform';
import type { SessionPrompt } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type FittedPrompt, PromptFitter, type PromptParts } from './context';
import { AFTER_HAND_OFF, buildSessionSection, notesOf } from './prompt';
import { instructionsOf } from './prompt/instructions-of';
import { withPictures } from './prompt-pictures';
import type { CompletionRequest, ProviderError, StoredPrompt, UpstreamTool } from './provider';
import { upstreamTool } from './upstream-settings';
import { isVerdictWanted, VERDICT_INSTRUCTIONS, VERDICT_TOKENS } from './verdict';

/** Persona versions that are remembered as having been complained about. */
const MAX_REMEMBERED = 500;

/** A request, and what it was made of. */
export interface BuiltRequest {
  request: CompletionRequest;
  parts: PromptParts;
  fitted: FittedPrompt;
}

/** What a prompt is about: a turn, or a preview, which has no conversation. */
export type PromptSubject = Pick<
  BegunTurn,
  'workspaceId' | 'channel' | 'userId' | 'content' | 'images' | 'history' | 'summary' | 'correlationId'
> & {
  conversationId: number | null;
  isAfterHandOff?: boolean;
};

/** What stands for the part of the conversation that is not told: null for none. */
function beforeHistory({ summary, isAfterHandOff = false }: PromptSubject): string | null {
  const notes = [isAfterHandOff ? AFTER_HAND_OFF : null, summary === null ? null : notesOf(summary.content)];
  return notes.filter((note) => note !== null).join('\n\n') || null;
}

/** Turns a turn into what the model is asked. */
@Injectable()
export class CompletionRequestBuilder {
  /** Persona versions whose tools were left out; it was said once for each. */
  private readonly toolless = new Set<number>();

  constructor(
    private readonly config: AppConfig,
    private readonly fitter: PromptFitter,
    private readonly handOff: TurnHandOff,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * @param session that the turn belongs to; null for none
   * @param context of the turn's place in another system
   */
  build(
    turn: PromptSubject,
    persona: PersonaVersionSnapshot,
    session: SessionPrompt | null = null,
    context: TurnContext = NO_CONTEXT,
  ): BuiltRequest {
    const { openai } = this.config;
    const wantsVerdict = isVerdictWanted(this.handOff, turn, persona);
    const own = [this.instructionsOf(persona, session), context.instructions]
      .filter((text) => text !== null)
      .join('\n\n');
    const instructions = wantsVerdict ? `${own}\n\n${VERDICT_INSTRUCTIONS}` : own;
    const parts: PromptParts = {
      model: persona.model ?? openai.model,
      instructions,
      notes: beforeHistory(turn),
      background: context.notes,
      history: turn.history,
      content: turn.content,
      images: turn.images ?? [],
      maxOutputTokens: (persona.maxTokens ?? openai.maxTokens) + (wantsVerdict ? VERDICT_TOKENS : 0),
    };
    const fitted = this.fitter.fit(parts);
    const request: CompletionRequest = {
      model: parts.model,
      instructions,
      ...(session === null ? {} : { personal: buildSessionSection(session.client, session.goals) }),
      input: withPictures(fitted.messages),
      temperature: persona.temperature ?? openai.temperature,
      maxOutputTokens: fitted.maxOutputTokens,
      prompt: this.storedPrompt(persona),
      tools: this.toolsOf(persona),
      responseFormat: persona.responseFormat ?? undefined,
      ...(wantsVerdict ? { wantsVerdict } : {}),
      metadata: persona.metadata,
      serviceTier: persona.serviceTier ?? undefined,
      safetyIdentifier: this.safetyIdentifier(turn.userId),
      promptCacheKey: this.keyed(`prompt-cache:${persona.id}:${turn.conversationId ?? 'preview'}`),
      correlationId: turn.correlationId ?? undefined,
    };
    return { request, parts, fitted };
  }

  /** The same with less of the past, after the model has refused it as too long. Null when there is nothing left to leave out. */
  shrink({ request, parts, fitted }: BuiltRequest, refusal: ProviderError): BuiltRequest | null {
    const smaller = this.fitter.refit(parts, fitted, refusal.contextLimit);
    if (smaller === null) return null;
    const { messages, maxOutputTokens } = smaller;
    const input = withPictures(messages);
    return { request: { ...request, input, maxOutputTokens }, parts, fitted: smaller };
  }

  /** The system prompt: the same from turn to turn, so that upstream caches can work. */
  instructionsOf(persona: PersonaVersionSnapshot, session: SessionPrompt | null = null): string {
    return instructionsOf(persona, session);
  }

  private storedPrompt(persona: PersonaVersionSnapshot): StoredPrompt | undefined {
    const id = persona.openaiPromptId ?? this.config.openai.promptId;
    if (id === undefined) return undefined;
    const { openaiPromptVersion: version, openaiPromptVariables: variables } = persona;
    return { id, ...(version === null ? {} : { version }), ...(variables === null ? {} : { variables }) };
  }

  private toolsOf(persona: PersonaVersionSnapshot): UpstreamTool[] | undefined {
    if (persona.tools.length === 0) return undefined;
    if (this.config.openai.api === 'responses') return persona.tools.map(upstreamTool);
    if (!this.toolless.has(persona.id)) {
      if (this.toolless.size >= MAX_REMEMBERED) this.toolless.clear();
      this.toolless.add(persona.id);
      this.logger.warn(
        {
          persona_id: persona.personaId,
          persona_version: persona.version,
          tools: persona.tools.map(({ type }) => type),
        },
        'Chat Completions has no hosted tools: this persona answers without them. Set OPENAI_API=responses to use them.',
      );
    }
    return undefined;
  }

  /** Stands for the user at the upstream and cannot be turned back into an id without our secret. */
  safetyIdentifier(userId: number): string {
    return this.keyed(`safety-identifier:${userId}`);
  }

  /** 64 characters, which is as long as OpenAI takes. */
  private keyed(text: string): string {
    return createHmac('sha256', this.config.auth.secretKeys[0]!).update(text).digest('hex');
  }
}
