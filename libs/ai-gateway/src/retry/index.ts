export {
  decideRetry,
  BACKOFF_BASE_MS,
  BACKOFF_CAP_MS,
  LONGEST_RETRY_AFTER_MS,
  type RetryDecision,
  type RetryQuestion,
} from './retry-policy';
export { fallbackText } from './fallback-text';
