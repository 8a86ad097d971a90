export { activeSpan, type ActiveSpan, currentTraceParent, type SpanAttributes } from './active-span';
export { traceRequests } from './trace-requests';
export type { SpanOptions } from './backend';
export { Tracing } from './tracing';
export { TracingModule } from './tracing.module';
