import { ChannelSendError, type SendFailure } from '../core/channel-adapter';

/** What Mattermost said, as far as it is known. The message has its number and the name of its error: its own words can be about people. */
export class MattermostError extends ChannelSendError {
  constructor(
    failure: SendFailure,
    message: string,
    mayHaveLeft = false,
    retryAfterMs: number | null = null,
    /** Of the answer; null: there was none. */
    readonly status: number | null = null,
    /** Such as `api.context.session_expired.app_error`; null when there was none. */
    readonly errorId: string | null = null,
  ) {
    super(failure, message, mayHaveLeft, retryAfterMs);
  }
}

/** Longest that is waited because a server asks for it. */
const MAX_RETRY_MS = 3_600_000;
/** Of the answer's headers: seconds from now, or a moment in epoch seconds, as versions and proxies differ. */
const EPOCH_FROM = 1e9;

/** Of errors that say that a post with the same pending id is on its way: app/post.go, deduplicateCreatePost. */
const BEING_MADE = 'api.post.deduplicate_create_post.';

/** What an answer that is no success means. @param changesThings it may have been done all the same */
export function failureOf(
  { status, headers }: { status: number; headers: Readonly<Record<string, string>> },
  errorId: string | null,
  changesThings: boolean,
): MattermostError {
  const failure = byStatus(status, errorId !== null);
  const what = `Mattermost answered ${status}${errorId === null ? '' : ` (${errorId})`}`;
  // An answer in Mattermost's own words is a decision, unless it says that the same post is being made; anything else in the 500s may come from a proxy that gave up waiting.
  const isDecided = errorId !== null && !errorId.startsWith(BEING_MADE);
  const mayHaveLeft = changesThings && status >= 500 && !isDecided;
  return new MattermostError(failure, what, mayHaveLeft, retryAfterOf(headers), status, errorId);
}

function byStatus(status: number, isOwn: boolean): SendFailure {
  // Without Mattermost's own words a proxy says these three, as while the server is exchanged, and that passes.
  if (status === 401) return isOwn ? 'refused-credentials' : 'unavailable';
  // Not a member, or not there any more.
  if (status === 403 || status === 404) return isOwn ? 'unreachable' : 'unavailable';
  if (status === 429) return 'rate-limited';
  return status >= 500 || status === 408 || status < 400 ? 'unavailable' : 'invalid';
}

function retryAfterOf(headers: Readonly<Record<string, string>>): number | null {
  const value = headers['retry-after'] ?? headers['x-ratelimit-reset'];
  if (value === undefined || !/^\d{1,12}$/.test(value.trim())) return null;
  const seconds = Number(value);
  const ms = seconds > EPOCH_FROM ? seconds * 1000 - Date.now() : seconds * 1000;
  return Math.min(Math.max(ms, 0), MAX_RETRY_MS);
}
