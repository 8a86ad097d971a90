import { ChannelSendError, type SendFailure } from '../core/channel-adapter';

/** The part of an answer that says what went wrong. */
export interface GraphErrorBody {
  code: number | null;
  subcode: number | null;
  isTransient: boolean;
  message: string;
}

/** What Meta does not accept, as far as its answer tells. */
export type MetaRefusal = 'token' | 'app-secret' | 'permission' | 'object' | 'account';

/** What Meta said, as far as it is known. */
export class MetaError extends ChannelSendError {
  constructor(
    failure: SendFailure,
    message: string,
    mayHaveLeft: boolean,
    retryAfterMs: number | null,
    readonly refusal: MetaRefusal | null,
  ) {
    super(failure, message, mayHaveLeft, retryAfterMs);
  }
}

/** About once in 6 seconds to one person: https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput */
const PAIR_RATE_MS = 6000;
/** Limits of an hour, or of quality: nothing is gained by asking soon again. */
const LONG_RATE_MS = 60_000;

/**
 * What Meta's codes mean for somebody who wants to send.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
 * @see https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes
 */
const BY_CODE: Readonly<Record<number, SendFailure>> = {
  // Authorization, or the account as a whole: nobody can be written to until somebody changes something.
  0: 'refused-credentials',
  3: 'refused-credentials',
  10: 'refused-credentials',
  102: 'refused-credentials',
  190: 'refused-credentials',
  368: 'refused-credentials',
  131005: 'refused-credentials',
  131031: 'refused-credentials',
  131042: 'refused-credentials',
  131045: 'refused-credentials',
  133010: 'refused-credentials',
  // Too much.
  4: 'rate-limited',
  17: 'rate-limited',
  32: 'rate-limited',
  613: 'rate-limited',
  80007: 'rate-limited',
  130429: 'rate-limited',
  131048: 'rate-limited',
  131056: 'rate-limited',
  133016: 'rate-limited',
  // Their trouble.
  1: 'unavailable',
  2: 'unavailable',
  131000: 'unavailable',
  131016: 'unavailable',
  131057: 'unavailable',
  133004: 'unavailable',
  // More than 24 hours since the person wrote.
  131047: 'window-closed',
  // This person, now and later.
  551: 'unreachable',
  130472: 'unreachable',
  130497: 'unreachable',
  131021: 'unreachable',
  131026: 'unreachable',
  131030: 'unreachable',
  131049: 'unreachable',
  131050: 'unreachable',
};

const BY_SUBCODE: Readonly<Record<number, SendFailure>> = {
  // "This message is sent outside of allowed window." comes as a lack of permission (10).
  2018278: 'window-closed',
  2534022: 'window-closed',
  // No such person, or they do not take messages.
  2018001: 'unreachable',
  2534014: 'unreachable',
  // With code 100: an object that does not exist, or not for this token.
  33: 'refused-credentials',
};

const RETRY_AFTER: Readonly<Record<number, number>> = {
  4: LONG_RATE_MS,
  80007: LONG_RATE_MS,
  131048: LONG_RATE_MS,
  131056: PAIR_RATE_MS,
};

/** What an answer that is no success means. The message names codes only: Meta's own words can contain telephone numbers. */
export function failureOf(status: number, error: GraphErrorBody | null, retryAfterMs: number | null): MetaError {
  const failure = classify(status, error);
  const codes = error === null || error.code === null ? '' : codesOf(error);
  const least = RETRY_AFTER[error?.code ?? -1] ?? null;
  const wait = retryAfterMs === null ? least : Math.max(retryAfterMs, least ?? 0);
  // An answer in Meta's own words is a decision; anything else in the 500s may come from something in between that gave up waiting.
  const mayHaveLeft = status >= 500 && error === null;
  return new MetaError(failure, `Meta answered ${status}${codes}`, mayHaveLeft, wait, refusalOf(status, error));
}

/** The same, of somebody who wants a file: that it is gone, or not for this token, says nothing about sending. */
export function failureOfFile(error: unknown): unknown {
  if (!(error instanceof MetaError) || error.refusal === null) return error;
  const failure = OF_FILE[error.refusal];
  return failure === undefined ? error : new ChannelSendError(failure, error.message, false, error.retryAfterMs);
}

const OF_FILE: Readonly<Partial<Record<MetaRefusal, SendFailure>>> = {
  object: 'invalid',
  permission: 'unavailable',
  account: 'unavailable',
};

/** An expired or unknown token, and one of an app that is not allowed any more. */
const TOKEN_CODES = new Set([102, 190, 2500]);
const PERMISSION_CODES = new Set([3, 10, 131005]);
/** The number or the business is blocked, not paid for, or not registered. */
const ACCOUNT_CODES = new Set([368, 131031, 131042, 131045, 133010]);

function refusalOf(status: number, error: GraphErrorBody | null): MetaRefusal | null {
  const code = error?.code ?? null;
  if (error === null || code === null) return status === 401 ? 'token' : null;
  if (isWrongProof(error)) return 'app-secret';
  if (error.subcode === 33) return 'object';
  if (TOKEN_CODES.has(code)) return 'token';
  if (PERMISSION_CODES.has(code) || (code >= 200 && code <= 299)) return 'permission';
  return ACCOUNT_CODES.has(code) ? 'account' : null;
}

const isWrongProof = ({ code, message }: GraphErrorBody): boolean => code === 100 && /appsecret_proof/i.test(message);

const codesOf = ({ code, subcode }: GraphErrorBody): string => `, code ${code}${subcode === null ? '' : `/${subcode}`}`;

function classify(status: number, error: GraphErrorBody | null): SendFailure {
  if (error === null || error.code === null) return byStatus(status);
  const bySubcode = error.subcode === null ? undefined : BY_SUBCODE[error.subcode];
  if (bySubcode !== undefined) return bySubcode;
  if (isWrongProof(error)) return 'refused-credentials';
  const known = BY_CODE[error.code];
  if (known !== undefined) return known;
  if (error.code >= 200 && error.code <= 299) return 'refused-credentials';
  return error.isTransient ? 'unavailable' : byStatus(status);
}

function byStatus(status: number): SendFailure {
  if (status === 429) return 'rate-limited';
  if (status >= 500 || status === 408) return 'unavailable';
  return status === 401 ? 'refused-credentials' : 'invalid';
}
