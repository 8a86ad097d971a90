import {
  type Attributes,
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { SamplerName, TracingConfig } from '../config';
import type { ActiveSpan, SpanAttributes } from './active-span';
import type { SpanOptions, TracingBackend } from './backend';
import { readTraceParent, writeTraceParent } from './trace-parent';

/** Spans that wait to be sent; the newest are dropped when there are more. A span is about 1 KB. */
const MAX_WAITING = 4096;
const MAX_AT_ONCE = 512;
const MAX_VALUE_LENGTH = 256;

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
} as const;

/** The only file that loads OpenTelemetry; it is imported when an endpoint is configured, and not before. */
export function startOpenTelemetry(config: TracingConfig, onTrouble: (message: string) => void): TracingBackend {
  const quiet = (): void => undefined;
  const logger = { error: onTrouble, warn: onTrouble, info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const exporter = new OTLPTraceExporter({ url: config.endpoint, headers: config.headers });
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_WAITING,
    maxExportBatchSize: MAX_AT_ONCE,
    scheduledDelayMillis: config.delayMs,
    exportTimeoutMillis: config.exportTimeoutMs,
  });
  const provider = new TracerProvider({
    // OTEL_RESOURCE_ATTRIBUTES first: a name that was set on purpose counts.
    resource: defaultResource()
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(resourceFromAttributes({ 'service.name': config.serviceName })),
    sampler: samplerOf(config.sampler, config.samplerRatio),
    spanLimits: { attributeValueLengthLimit: MAX_VALUE_LENGTH },
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('parley');
  return {
    start: (name, options) => start(tracer, name, options),
    shutdown: () => provider.shutdown(),
  };
}

function samplerOf(name: SamplerName, ratio: number): Sampler {
  const root = name.endsWith('always_off')
    ? new AlwaysOffSampler()
    : name.endsWith('traceidratio')
      ? new TraceIdRatioBasedSampler(ratio)
      : new AlwaysOnSampler();
  return name.startsWith('parentbased') ? new ParentBasedSampler({ root }) : root;
}

function start(tracer: Tracer, name: string, { kind, attributes, parent, startedAt }: SpanOptions): ActiveSpan {
  const above = readTraceParent(parent);
  const context =
    above === undefined
      ? ROOT_CONTEXT
      : trace.setSpanContext(ROOT_CONTEXT, {
          traceId: above.traceId,
          spanId: above.spanId,
          traceFlags: above.flags,
          isRemote: true,
        });
  const options = { kind: KINDS[kind ?? 'internal'], attributes: known(attributes ?? {}), startTime: startedAt };
  return new OpenSpan(tracer.startSpan(name, options, context));
}

class OpenSpan implements ActiveSpan {
  readonly traceId: string;
  readonly traceParent: string;

  constructor(private readonly span: Span) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceId = traceId;
    this.traceParent = writeTraceParent({ traceId, spanId, flags: traceFlags });
  }

  set(attributes: SpanAttributes): void {
    this.span.setAttributes(known(attributes));
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  fail(code: string): void {
    this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.span.setAttribute('error.type', code);
  }

  end(at?: number): void {
    this.span.end(at);
  }
}

function known(attributes: SpanAttributes): Attributes {
  const found = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(found);
}
