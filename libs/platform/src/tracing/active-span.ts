import { AsyncLocalStorage } from 'node:async_hooks';

export type SpanValue = string | number | boolean | string[];
/** What a span says. Undefined and null are left out. Never what people wrote, and nothing that names a person. */
export type SpanAttributes = Record<string, SpanValue | undefined | null>;

/** A piece of work in a trace, while it runs. */
export interface ActiveSpan {
  readonly traceId: string;
  /** In the form of the W3C's `traceparent`: 55 characters. */
  readonly traceParent: string;
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** @param code a code of ours or a number of HTTP; no words of anybody */
  fail(code: string): void;
  /** @param at milliseconds since 1970; now when left out */
  end(at?: number): void;
}

const storage = new AsyncLocalStorage<ActiveSpan>();

/** Everything inside `work`, however deep, belongs to the span. */
export const insideSpan = <T>(span: ActiveSpan, work: () => T): T => storage.run(span, work);

/** Undefined while tracing is off, or nothing is traced here. */
export const activeSpan = (): ActiveSpan | undefined => storage.getStore();

/** What has to travel along with work that goes on in another process; null while tracing is off. */
export const currentTraceParent = (): string | null => storage.getStore()?.traceParent ?? null;

/** Fields for log lines. */
export function traceFields(): { trace_id?: string } {
  const span = storage.getStore();
  return span === undefined ? {} : { trace_id: span.traceId };
}
