import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { PinoLogger } from 'nestjs-pino';
import type { TracingConfig } from '../config';
import { SeldomLog } from '../logging/seldom-log';
import { within } from '../within';
import { type ActiveSpan, currentTraceParent, insideSpan } from './active-span';
import type { SpanOptions, TracingBackend } from './backend';

/** What is not sent in this time at the end of the process is lost; nobody waits longer for traces. */
const FLUSH_MS = 3000;

/** Traces work across processes when an OTLP endpoint is configured. While none is, every method does nothing, and nothing is loaded. */
@Injectable()
export class Tracing implements OnApplicationShutdown {
  private constructor(private readonly backend: TracingBackend | undefined) {}

  static async start(config: TracingConfig | undefined, logger: PinoLogger): Promise<Tracing> {
    if (config === undefined) return new Tracing(undefined);
    const trouble = new SeldomLog(logger, 'traces could not be sent; nothing else is affected');
    const { startOpenTelemetry } = await import('./open-telemetry.js');
    return new Tracing(startOpenTelemetry(config, (message) => trouble.warn(new Error(message.slice(0, 500)))));
  }

  static readonly off = new Tracing(undefined);

  get isOn(): boolean {
    return this.backend !== undefined;
  }

  /** Begins a span that the caller ends. Undefined while tracing is off. */
  begin(name: string, options: SpanOptions = {}): ActiveSpan | undefined {
    return this.backend?.start(name, {
      ...options,
      // Null: of nowhere.
      parent: options.parent === undefined ? currentTraceParent() : options.parent,
    });
  }

  /** Runs `work` in a span. When it fails, the span has the code of its error. */
  async span<T>(name: string, options: SpanOptions, work: (span?: ActiveSpan) => Promise<T>): Promise<T> {
    const span = this.begin(name, options);
    if (span === undefined) return work();
    try {
      return await insideSpan(span, () => work(span));
    } catch (error) {
      span.fail(codeOf(error));
      throw error;
    } finally {
      span.end();
    }
  }

  /** The same for work that does not wait for anything. */
  spanOf<T>(name: string, work: () => T): T {
    const span = this.begin(name);
    try {
      return work();
    } finally {
      span?.end();
    }
  }

  /** A span that lies behind us. */
  record(name: string, options: SpanOptions & { startedAt: number }): void {
    this.begin(name, options)?.end();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.backend === undefined) return;
    await within(this.backend.shutdown(), FLUSH_MS).catch(() => undefined);
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.length <= 60 ? code : error.name;
}
