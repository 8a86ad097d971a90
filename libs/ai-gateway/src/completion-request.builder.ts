import { createHmac } from 'node:crypto';
import type { BegunTurn } from '@app/conversations';
import { type PersonaVersionSnapshot, relationshipBehaviours } from '@app/personas';
import { AppConfig } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { buildInput, buildInstructions, estimateTokens, mostTokens, utf8Bytes } from './prompt';
import type { CompletionRequest, StoredPrompt, UpstreamTool } from './provider';
import { withPictures } from './prompt-pictures';
import { upstreamTool } from './upstream-settings';

/** Whatever the instructions take, the conversation keeps at least this much of the budget. */
const MIN_INPUT_BUDGET = 500;

/** Turns a turn into what the model is asked. */
@Injectable()
export class CompletionRequestBuilder {
  /** Persona versions whose tools were left out; it was said once for each. */
  private readonly toolless = new Set<number>();

  constructor(
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  build(turn: BegunTurn, persona: PersonaVersionSnapshot): CompletionRequest {
    const { limits, openai } = this.config;
    const instructions = buildInstructions({
      persona: { name: persona.name, description: persona.description },
      systemInstructions: persona.systemInstructions,
      relationship: relationshipBehaviours(persona.relationshipType),
      promptTemplate: persona.promptTemplate,
    });
    return {
      model: persona.model ?? openai.model,
      instructions,
      input: withPictures(
        buildInput(
          turn.history,
          turn.content,
          {
            // The limit counts what goes along with the new message.
            maxMessages: limits.maxConversationHistory + 1,
            tokenBudget: inputBudget(
              limits.contextTokenBudget,
              instructions,
              mostTokens(turn.history, turn.content, turn.images ?? []),
            ),
          },
          turn.images ?? [],
        ),
      ),
      temperature: persona.temperature ?? openai.temperature,
      maxOutputTokens: persona.maxTokens ?? openai.maxTokens,
      prompt: this.storedPrompt(persona),
      tools: this.toolsOf(persona),
      responseFormat: persona.responseFormat ?? undefined,
      metadata: persona.metadata,
      safetyIdentifier: this.safetyIdentifier(turn.userId),
      correlationId: turn.correlationId ?? undefined,
    };
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
      if (this.toolless.size >= MAX_COUNTED) this.toolless.clear();
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
  private safetyIdentifier(userId: number): string {
    return createHmac('sha256', this.config.auth.secretKeys[0]!).update(`safety-identifier:${userId}`).digest('hex');
  }
}

/** What instructions leave of the budget. Tokens are counted only where bytes do not show already that all of it fits. */
function inputBudget(contextBudget: number, instructions: string, mostInputTokens: number): number {
  const surelyLeft = contextBudget - utf8Bytes(instructions);
  if (mostInputTokens <= surelyLeft) return surelyLeft;
  return Math.max(MIN_INPUT_BUDGET, contextBudget - instructionTokens(instructions));
}

/** Instructions repeat from turn to turn, so their count is kept. */
const counted = new Map<string, number>();
const MAX_COUNTED = 500;

function instructionTokens(instructions: string): number {
  const known = counted.get(instructions);
  if (known !== undefined) return known;
  const tokens = estimateTokens(instructions);
  if (counted.size >= MAX_COUNTED) counted.clear();
  counted.set(instructions, tokens);
  return tokens;
}
