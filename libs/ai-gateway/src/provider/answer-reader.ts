import { storable } from '@app/kernel';
import { ProviderError } from './provider.error';
import type { Citation, CompletionResult, CompletionUsage } from './provider.port';
import type { SentContent } from './request-content';
import type { SseEvent } from './sse-parser';
import { ToolCalls } from './tool-calls';
import { stringOf } from './untyped-json';

/** More text than any model writes in one answer; a stream beyond it is broken. */
const MAX_ANSWER_CHARACTERS = 4 * 1024 * 1024;

/** The column's length. */
const MAX_TIER_CHARACTERS = 20;

/** What an event means for the watch: only content, reasoning and tools at work count as a sign of life. */
export type EventMeaning = 'content' | 'activity' | 'none';

/** Context a reader needs to name failures. */
export interface ReaderContext {
  apiKey: string;
  sentPromptId: boolean;
  sentConversationId?: boolean;
  sent?: SentContent;
}

/**
 * Collects one answer from the events of one API. Subclasses know the events; this part knows what an answer is:
 * its text equals the deltas taken from it, and it is only an answer after a terminal event.
 */
export abstract class AnswerReader {
  private collected = '';
  private fresh = '';
  private heldBack = '';
  protected finish: CompletionResult['finish'] | null = null;
  protected isRefusal = false;
  usage: CompletionUsage | null = null;
  model: string | null = null;
  serviceTier: string | null = null;
  upstreamId: string | null = null;
  readonly tools = new ToolCalls();
  citations: Citation[] = [];
  /** The last event was read; nothing more is expected. */
  isDone = false;

  constructor(protected readonly context: ReaderContext) {}

  /** Takes one event. @throws ProviderError when the upstream reports a failure, or talks nonsense. */
  abstract accept(event: SseEvent): EventMeaning;

  /** Takes a whole answer, from a server that ignores `stream: true`. @throws ProviderError as `accept` does. */
  abstract acceptWhole(body: unknown): void;

  /** The terminal event was seen: whatever happens to the connection now, the answer is complete. */
  get isComplete(): boolean {
    return this.finish !== null;
  }

  get text(): string {
    return this.collected;
  }

  /** The text that came since the last call. */
  takeDelta(): string {
    const delta = this.fresh;
    this.fresh = '';
    return delta;
  }

  /**
   * Ends the reading and says how the answer ended.
   * @throws ProviderError `UPSTREAM.CUT` without a terminal event, `UPSTREAM.EMPTY_ANSWER` without text.
   */
  close(): CompletionResult['finish'] {
    if (this.finish === null) {
      throw new ProviderError('UPSTREAM.CUT', {
        logDetail: 'the stream ended without a terminal event',
        usage: this.usage,
      });
    }
    if (this.heldBack) this.append(this.heldBack);
    this.heldBack = '';
    if (this.collected.trim() === '') {
      const atLimit = this.finish === 'max_tokens';
      const usedTools = this.tools.all.length > 0;
      throw new ProviderError('UPSTREAM.EMPTY_ANSWER', {
        // The same limit would be used up again, at the same price; and tools may have done what must not be done twice.
        kind: atLimit || usedTools ? 'permanent' : 'retryable',
        usage: this.usage,
        logDetail: atLimit
          ? 'no text before the token limit was reached'
          : `the answer has no text${usedTools ? ', only tool calls' : ''}`,
      });
    }
    return this.isRefusal ? 'refusal' : this.finish;
  }

  /**
   * Adds text. NUL (which PostgreSQL cannot store) is removed; a character that two deltas cut in half is held back until
   * its other half is here.
   */
  protected add(text: string | null): EventMeaning {
    if (!text) return 'none';
    const whole = this.heldBack + text;
    const last = whole.charCodeAt(whole.length - 1);
    const isCutInHalf = last >= 0xd800 && last <= 0xdbff;
    this.heldBack = isCutInHalf ? whole.slice(-1) : '';
    this.append(isCutInHalf ? whole.slice(0, -1) : whole);
    return 'content';
  }

  /** Adds what a final, whole text has beyond the deltas; nothing when the two do not agree. */
  protected addRestOf(whole: string): boolean {
    const clean = storable(whole);
    if (clean.length <= this.collected.length || !clean.startsWith(this.collected)) return false;
    this.heldBack = '';
    this.append(clean.slice(this.collected.length));
    return true;
  }

  /** Takes the tier that a response names; the last one named counts, since the first may be the one asked for. */
  protected readServiceTier(value: unknown): void {
    // Other servers call theirs as they like; what is not a name here has no price, and must not pass for the default tier.
    const name = stringOf(value)
      ?.toLowerCase()
      .replace(/[^a-z0-9_.-]/g, '')
      .slice(0, MAX_TIER_CHARACTERS);
    if (name) this.serviceTier = name;
  }

  private append(text: string): void {
    const clean = storable(text);
    this.collected += clean;
    this.fresh += clean;
    if (this.collected.length > MAX_ANSWER_CHARACTERS) {
      throw new ProviderError('UPSTREAM.BAD_ANSWER', { logDetail: 'the answer is too large', usage: this.usage });
    }
  }

  protected nonsense(logDetail: string): ProviderError {
    return new ProviderError('UPSTREAM.BAD_ANSWER', { logDetail, usage: this.usage });
  }
}
