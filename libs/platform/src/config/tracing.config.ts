import type { EnvReader } from './env-reader';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export type SamplerName = (typeof SAMPLERS)[number];

/** How traces are sent; the variables are those of the OpenTelemetry specification. */
export interface TracingConfig {
  /** Where spans go: OTLP over HTTP, with its path. */
  endpoint: string;
  /** Sent along, for example a token of the collector. */
  headers: Record<string, string>;
  serviceName: string;
  sampler: SamplerName;
  /** Of the samplers with `traceidratio`: the part of all traces that is recorded, 0–1. */
  samplerRatio: number;
  /** Spans are sent together, this often, in milliseconds. */
  delayMs: number;
  /** The longest that one sending takes, in milliseconds. */
  exportTimeoutMs: number;
}

/** Undefined while no endpoint is configured: then nothing is traced, and nothing for it is loaded. */
export function readTracing(reader: EnvReader): TracingConfig | undefined {
  const endpoint = readEndpoint(reader);
  const isOff =
    endpoint === undefined ||
    reader.boolean('OTEL_SDK_DISABLED', false) ||
    reader.string('OTEL_TRACES_EXPORTER', 'otlp') === 'none';
  if (isOff) return undefined;
  const protocol = reader.firstOf('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL');
  reader.oneOf(protocol, ['http/protobuf'] as const, 'http/protobuf');
  return {
    endpoint,
    headers: {
      ...readHeaders(reader, 'OTEL_EXPORTER_OTLP_HEADERS'),
      ...readHeaders(reader, 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'),
    },
    serviceName: reader.string('OTEL_SERVICE_NAME', 'parley'),
    sampler: reader.oneOf('OTEL_TRACES_SAMPLER', SAMPLERS, 'parentbased_always_on'),
    samplerRatio: reader.number('OTEL_TRACES_SAMPLER_ARG', { min: 0, max: 1, fallback: 1 }),
    delayMs: reader.integer('OTEL_BSP_SCHEDULE_DELAY', { min: 10, max: 600_000, fallback: 5000 }),
    exportTimeoutMs: reader.integer('OTEL_BSP_EXPORT_TIMEOUT', { min: 100, max: 600_000, fallback: 30_000 }),
  };
}

/** The one for traces is used as it is; the general one gets the path of traces. */
function readEndpoint(reader: EnvReader): string | undefined {
  const protocols = ['http:', 'https:'] as const;
  const own = reader.url('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', protocols);
  if (own !== undefined) return own;
  const general = reader.url('OTEL_EXPORTER_OTLP_ENDPOINT', protocols);
  return general === undefined ? undefined : `${general.replace(/\/+$/, '')}/v1/traces`;
}

/** `name=value,name=value`; values may be percent-encoded. */
function readHeaders(reader: EnvReader, variable: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const item of reader.list(variable)) {
    const equals = item.indexOf('=');
    const name = item.slice(0, Math.max(0, equals)).trim();
    const value = decoded(item.slice(equals + 1).trim());
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || value === undefined || !/^[\x20-\x7e]*$/.test(value)) {
      reader.problem(
        variable,
        'must be name=value pairs, separated by commas; write special characters as %20 and so on.',
      );
      continue;
    }
    headers[name] = value;
  }
  return headers;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
