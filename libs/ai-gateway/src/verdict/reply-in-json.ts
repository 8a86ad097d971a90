import type { Verdict } from '../provider';
import { JsonText } from './json-text';
import { NO_VERDICT, type ReplyExtractor, toConfidence } from './verdict';

/** Longest value beside the reply that is kept; what was asked for has 20 characters. */
const MAX_VALUE = 200;
/** What some servers put around JSON, and white space around it all. */
const PREAMBLE = /^\s*(?:```(?:json)?\s*)?$/i;
const PREAMBLES_BEGINNING = /^\s*(?:`{0,3}|```j?s?o?n?\s*)$/i;
const SPACE = /\s/;

type State =
  | 'before'
  | 'key-or-end'
  | 'key'
  | 'colon'
  | 'value'
  | 'reply'
  | 'text-value'
  | 'other-value'
  | 'comma-or-end'
  | 'ended'
  /** It is no such object: all of it is the reply. */
  | 'plain';

/**
 * Reads `{"reply": "…", "confidence": 0.8, "needs_human": false}` as it comes in pieces, however they are cut, in one pass. The names may come in any order, and
 * others beside them. An answer that is something else (the server has not kept to the schema) is a reply as it stands; one that breaks off, or goes wrong after
 * the reply began, keeps the reply.
 */
export class ReplyInJson implements ReplyExtractor {
  verdict: Verdict = { ...NO_VERDICT };
  private state: State = 'before';
  /** Characters before the object. */
  private preambleLength = 0;
  /** All that came before the reply began: it is given out when this turns out to be no such object. */
  private held = '';
  private key = '';
  private value = '';
  private text = new JsonText();
  private hasReply = false;
  private replyHasEnded = false;
  /** How deep in a value that is a list or an object, and whether in a string there. */
  private depth = 0;
  private quote: JsonText | null = null;

  get isReplyWhole(): boolean {
    return this.replyHasEnded;
  }

  get isAsAsked(): boolean {
    return this.hasReply;
  }

  add(piece: string): string {
    if (this.state === 'plain') return piece;
    let reply = '';
    const give = (part: string): void => void (reply += part);
    if (!this.hasReply) this.held += piece;
    let place = 0;
    while (place < piece.length) {
      place = this.step(piece, place, give);
      // The compiler does not see that a step changes it.
      const now = this.state as State;
      if (now === 'plain') return this.release();
      if (now === 'ended') break;
    }
    return reply;
  }

  end(isCut: boolean): string {
    if (this.state === 'reply') {
      let rest = '';
      // Half a character of a text that goes on is not shown as a broken one.
      if (!isCut) this.text.finish((part) => (rest += part));
      this.state = 'ended';
      return rest;
    }
    if (this.hasReply || this.state === 'plain') return '';
    // The beginning of an object that was cut before its reply is nothing to show.
    if (isCut && this.state !== 'before' && this.state !== 'ended') return '';
    if (this.verdict.confidence !== null) return '';
    return this.release();
  }

  private release(): string {
    const { held } = this;
    this.state = 'plain';
    this.held = '';
    return held;
  }

  /** Reads one character, or all of a text that is there. @returns the place after it */
  private step(piece: string, place: number, give: (part: string) => void): number {
    const character = piece[place]!;
    switch (this.state) {
      case 'key':
        return this.readText(piece, place, (part) => (this.key = (this.key + part).slice(0, MAX_VALUE)), 'colon');
      case 'text-value':
        return this.readText(piece, place, () => undefined, 'comma-or-end');
      case 'reply': {
        const next = this.readText(piece, place, give, 'comma-or-end');
        this.replyHasEnded = this.text.isEnded;
        return next;
      }
      case 'other-value':
        return this.readOther(piece, place);
      case 'before':
      case 'key-or-end':
      case 'colon':
      case 'value':
      case 'comma-or-end':
      case 'ended':
      case 'plain':
        this.state = this.after(character);
        return place + 1;
    }
  }

  /** The state after a character between texts. */
  private after(character: string): State {
    if (this.state === 'before') return this.afterPreamble(character);
    if (SPACE.test(character)) return this.state;
    switch (this.state) {
      case 'key-or-end':
        if (character === '}') return 'ended';
        this.key = '';
        return character === '"' ? this.begin('key') : this.broken();
      case 'colon':
        return character === ':' ? 'value' : this.broken();
      case 'value':
        return this.beginValue(character);
      case 'comma-or-end':
        if (character === ',') return 'key-or-end';
        return character === '}' ? 'ended' : this.broken();
      case 'key':
      case 'reply':
      case 'text-value':
      case 'other-value':
      case 'ended':
      case 'plain':
        return this.state;
    }
  }

  private afterPreamble(character: string): State {
    const before = this.held.slice(0, this.preambleLength + 1);
    this.preambleLength += 1;
    if (character === '{' && PREAMBLE.test(before.slice(0, -1))) return 'key-or-end';
    // A long preamble is none; and looking at it again and again would take its length squared.
    return before.length <= MAX_VALUE && PREAMBLES_BEGINNING.test(before) ? 'before' : 'plain';
  }

  private beginValue(character: string): State {
    if (character === '"') {
      if (this.key !== 'reply' || this.hasReply) return this.begin('text-value');
      this.hasReply = true;
      this.held = '';
      return this.begin('reply');
    }
    this.value = character;
    this.depth = character === '{' || character === '[' ? 1 : 0;
    this.quote = null;
    return ',}]:'.includes(character) ? this.broken() : 'other-value';
  }

  /** A number, a word, a list or an object: up to what ends it. */
  private readOther(piece: string, place: number): number {
    if (this.quote !== null) {
      const next = this.quote.read(piece, place, () => undefined);
      if (this.quote.isEnded) this.quote = null;
      return next;
    }
    const character = piece[place]!;
    if (this.depth === 0 && (character === ',' || character === '}')) {
      this.keep();
      this.state = 'comma-or-end';
      // It is read again, as what comes after a value.
      return place;
    }
    if (character === '"') this.quote = new JsonText();
    else if (character === '{' || character === '[') this.depth += 1;
    else if ((character === '}' || character === ']') && this.depth > 0) this.depth -= 1;
    if (this.value.length <= MAX_VALUE) this.value += character;
    return place + 1;
  }

  private keep(): void {
    const value = this.value.trim();
    // Only what is JSON counts: `Number('')` is 0, and `.8` or `0x1` are none of its numbers.
    if (this.key === 'confidence' && /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value)) {
      this.verdict.confidence = toConfidence(Number(value));
    }
    if (this.key === 'needs_human') this.verdict.needsHuman = value === 'true';
  }

  private readText(piece: string, place: number, give: (part: string) => void, then: State): number {
    const next = this.text.read(piece, place, give);
    if (this.text.isEnded) this.state = then;
    return next;
  }

  private begin(state: 'key' | 'reply' | 'text-value'): State {
    this.text = new JsonText();
    return state;
  }

  private broken(): State {
    return this.hasReply ? 'ended' : 'plain';
  }
}
