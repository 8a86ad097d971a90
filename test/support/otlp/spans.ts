import { bytesAt, type Field, fieldsOf, messages, numberAt, textAt } from './protobuf';

type Value = string | number | boolean | Value[];

/** A span as a collector sees it. */
export interface CollectedSpan {
  service: string;
  traceId: string;
  spanId: string;
  /** Empty for the first of a trace. */
  parentSpanId: string;
  name: string;
  kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number;
  attributes: Record<string, Value>;
  isError: boolean;
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

/** Reads an ExportTraceServiceRequest; field numbers from opentelemetry-proto/trace/v1/trace.proto. */
export function spansIn(body: Buffer): CollectedSpan[] {
  return messages(fieldsOf(body), 1).flatMap((resourceSpans) => {
    const resource = attributesOf(messages(resourceSpans, 1)[0] ?? [], 1);
    return messages(resourceSpans, 2).flatMap((scopeSpans) =>
      messages(scopeSpans, 2).map((span) => spanOf(span, String(resource['service.name'] ?? ''))),
    );
  });
}

function spanOf(span: Field[], service: string): CollectedSpan {
  const status = messages(span, 15)[0] ?? [];
  return {
    service,
    traceId: bytesAt(span, 1).toString('hex'),
    spanId: bytesAt(span, 2).toString('hex'),
    parentSpanId: bytesAt(span, 4).toString('hex'),
    name: textAt(span, 5),
    kind: KINDS[Number(numberAt(span, 6))] ?? 'unspecified',
    startedAt: Number(numberAt(span, 7)) / 1e6,
    endedAt: Number(numberAt(span, 8)) / 1e6,
    attributes: attributesOf(span, 9),
    isError: numberAt(status, 3) === 2n,
  };
}

function attributesOf(fields: Field[], number: number): Record<string, Value> {
  return Object.fromEntries(
    messages(fields, number).map((pair) => [textAt(pair, 1), valueOf(messages(pair, 2)[0] ?? [])]),
  );
}

function valueOf([field]: Field[]): Value {
  if (field === undefined) return '';
  switch (field.number) {
    case 1:
      return (field.value as Buffer).toString('utf8');
    case 2:
      return field.value === 1n;
    case 3:
      return Number(BigInt.asIntN(64, field.value as bigint));
    case 4: {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(field.value as bigint);
      return bytes.readDoubleLE();
    }
    case 5:
      return messages(fieldsOf(field.value as Buffer), 1).map(valueOf);
    default:
      return '';
  }
}
