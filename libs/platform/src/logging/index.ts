export * from './logging.module';
export { secretScrubber } from './secret-scrubber';
export { QuietLogger } from './quiet-logger';
