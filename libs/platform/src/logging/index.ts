export * from './logging.module';
export { hideFromLogs, secretScrubber } from './secret-scrubber';
export { QuietLogger } from './quiet-logger';
export { contextFields, withRequestId } from './request-context';
export { logRequests } from './request-logging';
export { SeldomLog } from './seldom-log';
