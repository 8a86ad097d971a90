export * from './logging.module';
export { secretScrubber } from './secret-scrubber';
