import { createHmac } from 'node:crypto';
import type { BegunTurn } from '@app/conversations';
import { type PersonaVersionSnapshot, relationshipBehaviours } from '@app/personas';
import { AppConfig } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type FittedPrompt, PromptFitter, type PromptParts } from './context';
import { buildInstructions, notesOf } from './prompt';
import type { CompletionRequest, ProviderError } from './provider';

/** A request, and what it was made of. */
export interface BuiltRequest {
  request: CompletionRequest;
  parts: PromptParts;
  fitted: FittedPrompt;
}

/** Turns a turn into what the model is asked. */
@Injectable()
export class CompletionRequestBuilder {
  constructor(
    private readonly config: AppConfig,
    private readonly fitter: PromptFitter,
  ) {}

  build(turn: BegunTurn, persona: PersonaVersionSnapshot): BuiltRequest {
    const { openai } = this.config;
    const instructions = this.instructionsOf(persona);
    const parts: PromptParts = {
      model: persona.model ?? openai.model,
      instructions,
      notes: turn.summary === null ? null : notesOf(turn.summary.content),
      history: turn.history,
      content: turn.content,
      maxOutputTokens: persona.maxTokens ?? openai.maxTokens,
    };
    const fitted = this.fitter.fit(parts);
    const request: CompletionRequest = {
      model: parts.model,
      instructions,
      input: fitted.messages,
      temperature: persona.temperature ?? openai.temperature,
      maxOutputTokens: fitted.maxOutputTokens,
      promptId: persona.openaiPromptId ?? openai.promptId,
      safetyIdentifier: this.safetyIdentifier(turn.userId),
      promptCacheKey: this.keyed(`prompt-cache:${persona.id}:${turn.conversationId}`),
      correlationId: turn.correlationId ?? undefined,
    };
    return { request, parts, fitted };
  }

  /** The same with less of the past, after the model has refused it as too long. Null when there is nothing left to leave out. */
  shrink({ request, parts, fitted }: BuiltRequest, refusal: ProviderError): BuiltRequest | null {
    const smaller = this.fitter.refit(parts, fitted, refusal.contextLimit);
    if (smaller === null) return null;
    const { messages: input, maxOutputTokens } = smaller;
    return { request: { ...request, input, maxOutputTokens }, parts, fitted: smaller };
  }

  /** The system prompt: the same from turn to turn, so that upstream caches can work. */
  instructionsOf(persona: PersonaVersionSnapshot): string {
    return buildInstructions({
      persona: { name: persona.name, description: persona.description },
      systemInstructions: persona.systemInstructions,
      relationship: relationshipBehaviours(persona.relationshipType),
      promptTemplate: persona.promptTemplate,
    });
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
