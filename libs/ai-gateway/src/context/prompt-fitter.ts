import type { ContextNote } from '@app/contracts';
import { AppConfig } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import {
  backgroundOf,
  buildInput,
  estimateTokens,
  type HistoryTurn,
  type InputMessage,
  mostTokens,
  type PromptImage,
  tokensOfAll,
  utf8Bytes,
} from '../prompt';
import type { CompletionProvider, ToldContextLimit } from '../provider';
import { COMPLETION_PROVIDER } from '../provider-info';
import { type ContextLimits, contextLimits } from './context-limits';
import { InstructionTokens } from './instruction-tokens';
import { LearnedWindows } from './learned-windows';
import { knownWindow } from './model-windows';

/** Whatever the instructions take, the conversation keeps at least this much of the budget. */
const MIN_INPUT_TOKENS = 500;

/** An estimate that is this much above the window is not off: other tokenizers need at most a third less tokens for a text. */
const SURELY_TOO_LONG = 1.5;

/** What a prompt is made of, before it is known how much of it fits. */
export interface PromptParts {
  model: string;
  instructions: string;
  /** On what came before the history; null for none. */
  notes: string | null;
  /** What others have written, and what was looked up, for this one answer. */
  background?: readonly ContextNote[];
  history: readonly HistoryTurn[];
  content: string;
  /** Pictures of the current message. */
  images: readonly PromptImage[];
  /** The longest answer that is wanted. */
  maxOutputTokens: number;
}

export interface FittedPrompt {
  messages: InputMessage[];
  /** Place of the first turn that goes along; null when none does. */
  firstSeq: number | null;
  maxOutputTokens: number;
  /** The message alone is longer than the model's window, by so much that asking is no use. */
  isSurelyTooLong: boolean;
}

/** Decides how much of a conversation goes into a prompt, by the model's real window. */
@Injectable()
export class PromptFitter {
  private readonly instructionTokens = new InstructionTokens();

  constructor(
    private readonly config: AppConfig,
    private readonly learned: LearnedWindows,
    @Inject(COMPLETION_PROVIDER) private readonly provider: CompletionProvider,
  ) {}

  /** @param mostInputTokens a tighter bound of everything but the instructions, for a prompt that was refused */
  fit(parts: PromptParts, mostInputTokens = Infinity): FittedPrompt {
    const { model, instructions, notes, background = [], history, content, images } = parts;
    const { limits: settings } = this.config;
    const limits = this.limitsOf(model, parts.maxOutputTokens);
    const texts = [content, notes, backgroundOf(background)].filter((text) => text !== null);
    const most = mostTokens(history, texts, images.length);
    const tokenBudget = Math.min(mostInputTokens, this.inputTokens(limits.promptTokens, instructions, most));
    const { messages, firstSeq } = buildInput(
      history,
      content,
      { maxHistory: settings.maxConversationHistory, tokenBudget },
      { notes, background },
      images,
    );
    return {
      messages,
      firstSeq,
      maxOutputTokens: limits.maxOutputTokens,
      isSurelyTooLong: limits.windowTokens !== null && isSurelyLonger(content, limits.windowTokens),
    };
  }

  /** Fits anew what the server refused as too long. Null when nothing can be left out any more. */
  refit(parts: PromptParts, refused: FittedPrompt, told: ToldContextLimit | null): FittedPrompt | null {
    const inputTokens = tokensOfAll(refused.messages);
    if (told !== null) {
      const estimated = inputTokens + this.instructionTokens.of(parts.instructions);
      this.learned.learn(this.baseUrl, parts.model, told, estimated);
      const fitted = this.fit(parts);
      if (isSmaller(fitted, refused)) return fitted;
    }
    // It did not say how much is too much, or our estimate is still too low for it.
    const halved = this.fit(parts, Math.floor(inputTokens / 2));
    return isSmaller(halved, refused) ? halved : null;
  }

  /** Estimated tokens that a prompt of this model may have beside an answer of this length. */
  room(model: string, maxOutputTokens: number): number {
    return this.limitsOf(model, maxOutputTokens).promptTokens;
  }

  private limitsOf(model: string, maxOutputTokens: number): ContextLimits {
    return contextLimits({
      budgetTokens: this.config.limits.contextTokenBudget,
      maxOutputTokens,
      known: knownWindow(model),
      learned: this.learned.find(this.baseUrl, model),
    });
  }

  private get baseUrl(): string {
    return this.provider.info.base_url;
  }

  /** What instructions leave of the budget. Tokens are counted only where bytes do not show already that all of it fits. */
  private inputTokens(promptTokens: number, instructions: string, mostInputTokens: number): number {
    const surelyLeft = promptTokens - utf8Bytes(instructions);
    if (mostInputTokens <= surelyLeft) return surelyLeft;
    return Math.max(Math.min(MIN_INPUT_TOKENS, promptTokens), promptTokens - this.instructionTokens.of(instructions));
  }
}

const isSmaller = (fitted: FittedPrompt, refused: FittedPrompt): boolean =>
  // What others have written gets shorter before it goes.
  fitted.messages.length < refused.messages.length ||
  bytesOf(fitted) < bytesOf(refused) ||
  fitted.maxOutputTokens < refused.maxOutputTokens;

const bytesOf = ({ messages }: FittedPrompt): number =>
  messages.reduce((total, { content }) => total + utf8Bytes(content), 0);

/** A token is at least one byte, so most messages are decided without counting. */
const isSurelyLonger = (content: string, windowTokens: number): boolean =>
  utf8Bytes(content) > windowTokens * SURELY_TOO_LONG && estimateTokens(content) > windowTokens * SURELY_TOO_LONG;
