import type { ActiveSpan, SpanAttributes } from './active-span';

export interface SpanOptions {
  /** `server`: answers a request. `consumer`: takes up work that somebody else put down. `client`: asks another system. */
  kind?: 'internal' | 'server' | 'client' | 'consumer';
  attributes?: SpanAttributes;
  /** A `traceparent` of elsewhere; without it the span that is active here. */
  parent?: string | null;
  /** Milliseconds since 1970; now when left out. */
  startedAt?: number;
}

/** What makes and sends spans. */
export interface TracingBackend {
  start(name: string, options: SpanOptions): ActiveSpan;
  /** Sends what waits, and stops. */
  shutdown(): Promise<void>;
}
