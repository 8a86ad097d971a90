import type { CompletionRequest, ContentPart, PromptMessage } from '../provider';
import type { Span } from './detect/span';
import { PLACEHOLDER, placeholderFor, plainPlaceholder } from './placeholders';

/** Goes behind the instructions, once something was replaced. */
export const PLACEHOLDER_RULE =
  'Words in square brackets such as [EMAIL_…] stand for values that are kept private: use them as if they were the values, and copy them unchanged.';

/** Finds what is to be hidden; knows nothing of conversations. */
export type FindPii = (text: string) => readonly Span[];

/** What is hidden from the upstream in one conversation: the way there and the way back. One per attempt, or per job. */
export class Redaction {
  /** By placeholder. */
  private readonly values = new Map<string, string>();
  private readonly placeholders = new Map<string, string>();
  /** Fetches what the conversation says besides; at most once. */
  private older: (() => Promise<readonly string[]>) | null;

  /**
   * @param secrets ours; the first one makes placeholders, the others made those of before
   * @param scope keeps placeholders of one conversation apart from those of all others
   * @param older texts of the same conversation that were not redacted here; for placeholders that a copy at the upstream remembers
   */
  constructor(
    private readonly find: FindPii,
    private readonly secrets: readonly string[],
    private readonly scope: string,
    older: (() => Promise<readonly string[]>) | null = null,
  ) {
    this.older = older;
  }

  /** Something was replaced. */
  get isInUse(): boolean {
    return this.values.size > 0;
  }

  /** The text with placeholders. What is one already stays. */
  redact(text: string): string {
    const spans = this.find(text);
    if (spans.length === 0) return text;
    let redacted = '';
    let from = 0;
    for (const span of spans) {
      const value = text.slice(span.start, span.end);
      redacted += text.slice(from, span.start) + this.placeholderOf(span, value);
      from = span.end;
    }
    return redacted + text.slice(from);
  }

  redactMessage(message: PromptMessage): PromptMessage {
    const { content } = message;
    if (typeof content === 'string') return { ...message, content: this.redact(content) };
    const parts = content.map((part): ContentPart =>
      part.type === 'text' ? { ...part, text: this.redact(part.text) } : part,
    );
    return { ...message, content: parts };
  }

  /**
   * The request as the upstream may see it. The instructions are the persona's own words and stay, but for what they say about a person; a rule
   * comes behind them when it is needed.
   */
  redactRequest(request: CompletionRequest): CompletionRequest {
    const instructions = this.redactPersonal(request);
    const input = request.input.map((message) => this.redactMessage(message));
    // A copy at the upstream may hold placeholders of messages that are not in hand here.
    if (!this.isInUse && request.conversationId === undefined) return request;
    return { ...request, instructions: `${instructions}\n\n${PLACEHOLDER_RULE}`, input };
  }

  private redactPersonal({ instructions, personal }: CompletionRequest): string {
    // The last one: a persona's texts, which come before it, may say the same.
    const start = personal === undefined ? -1 : instructions.lastIndexOf(personal);
    if (personal === undefined || start < 0) return instructions;
    return instructions.slice(0, start) + this.redact(personal) + instructions.slice(start + personal.length);
  }

  /** The text with the values. Placeholders that stand for nothing stay. */
  restore(text: string, escape: (value: string) => string = (value) => value): string {
    if (!text.includes('[')) return text;
    return text.replace(PLACEHOLDER, (written, type: string, mark: string) => {
      const value = this.values.get(plainPlaceholder(type, mark));
      return value === undefined ? written : escape(value);
    });
  }

  /** The same for every text inside a value of JSON. */
  restoreWithin<T>(value: T): T {
    if (!this.isInUse) return value;
    return JSON.parse(this.restore(JSON.stringify(value), insideJson)) as T;
  }

  /** Whether the text has a placeholder whose value may still be found. */
  isWorthLookingUp(text: string): boolean {
    if (this.older === null || !text.includes('[')) return false;
    return [...text.matchAll(PLACEHOLDER)].some(([, type, mark]) => !this.values.has(plainPlaceholder(type!, mark!)));
  }

  /** Reads the rest of the conversation. Rare: only a copy at the upstream remembers more than we sent. */
  async lookUp(): Promise<void> {
    const { older } = this;
    this.older = null;
    if (older === null) return;
    // The placeholder is better than no answer.
    for (const text of await older().catch(() => [])) {
      for (const span of this.find(text)) {
        const value = { type: span.type, text: text.slice(span.start, span.end) };
        for (const secret of this.secrets) {
          const placeholder = placeholderFor(value, secret, this.scope);
          if (!this.values.has(placeholder)) this.values.set(placeholder, value.text);
        }
      }
      // Others have work, too.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private placeholderOf({ type }: Span, text: string): string {
    const key = `${type}:${text}`;
    const known = this.placeholders.get(key);
    if (known !== undefined) return known;
    const isTaken = (placeholder: string): boolean => (this.values.get(placeholder) ?? text) !== text;
    const placeholder = placeholderFor({ type, text }, this.secrets[0]!, this.scope, isTaken);
    this.placeholders.set(key, placeholder);
    this.values.set(placeholder, text);
    return placeholder;
  }
}

/** As it stands between the quotes of a JSON string. */
export const insideJson = (value: string): string => JSON.stringify(value).slice(1, -1);
