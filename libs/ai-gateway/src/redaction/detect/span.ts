import type { PiiType } from '@app/personas';

/** `private`: a word of the persona's own list. */
export type SpanType = PiiType | 'private';

/** A piece of a text, in UTF-16 code units. */
export interface Span {
  type: SpanType;
  start: number;
  /** Behind the last one. */
  end: number;
}
