import { AsyncLocalStorage } from 'node:async_hooks';
import { traceFields } from '../tracing/active-span';

interface RequestContext {
  requestId: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Every log line that is written inside `work`, however deep, carries this request id. */
export const withRequestId = <T>(requestId: string, work: () => T): T => storage.run({ requestId }, work);

/** Fields for every log line. */
export function contextFields(): { request_id?: string; trace_id?: string } {
  const context = storage.getStore();
  return context === undefined ? traceFields() : { request_id: context.requestId, ...traceFields() };
}
