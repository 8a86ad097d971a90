/**
 * An answer that refuses, as the Graph API words it.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
 */
export interface GraphError {
  status: number;
  code: number;
  subcode?: number;
  type?: string;
  message?: string;
  /** Seconds, as the header `Retry-After`. */
  retryAfter?: number;
}

/** HTTP status and words that Meta gives with each code; the words are not to be relied on, says Meta. */
const KNOWN: Readonly<Record<number, { status: number; message: string; type?: string }>> = {
  1: { status: 500, message: '(#1) API Unknown: An unknown error occurred' },
  2: { status: 503, message: '(#2) Service temporarily unavailable' },
  4: { status: 400, message: '(#4) Application request limit reached' },
  10: { status: 403, message: '(#10) Application does not have permission for this action' },
  100: { status: 400, message: '(#100) Invalid parameter', type: 'OAuthException' },
  190: { status: 401, message: 'Error validating access token: Session has expired', type: 'OAuthException' },
  200: { status: 403, message: '(#200) Permission denied' },
  368: { status: 403, message: '(#368) Temporarily blocked for policies violations' },
  551: { status: 400, message: "(#551) This person isn't available right now." },
  613: { status: 400, message: '(#613) Calls to this api have exceeded the rate limit.' },
  80007: { status: 400, message: '(#80007) Rate limit issues' },
  130429: { status: 429, message: '(#130429) Rate limit hit' },
  130472: { status: 400, message: "(#130472) User's number is part of an experiment" },
  131000: { status: 500, message: '(#131000) Something went wrong' },
  131005: { status: 403, message: '(#131005) Access denied' },
  131008: { status: 400, message: '(#131008) Required parameter is missing' },
  131009: { status: 400, message: '(#131009) Parameter value is not valid' },
  131016: { status: 500, message: '(#131016) Service unavailable' },
  131021: { status: 400, message: '(#131021) Recipient cannot be sender' },
  131026: { status: 400, message: '(#131026) Message undeliverable' },
  131030: { status: 400, message: '(#131030) Recipient phone number not in allowed list' },
  131047: { status: 400, message: '(#131047) Re-engagement message' },
  131051: { status: 400, message: '(#131051) Unsupported message type' },
  131056: { status: 400, message: '(#131056) (Business Account, Consumer Account) pair rate limit hit' },
  132001: { status: 404, message: '(#132001) Template name does not exist in the translation' },
  133010: { status: 400, message: '(#133010) Phone number not registered' },
};

/** The error of a code as Meta would send it. */
export function graphError(code: number, change: Partial<GraphError> = {}): GraphError {
  const known = KNOWN[code] ?? { status: 400, message: `(#${code}) Error` };
  return { status: known.status, code, type: known.type ?? 'OAuthException', message: known.message, ...change };
}

/** The body of the answer. */
export function errorBody(error: GraphError): Record<string, unknown> {
  return {
    error: {
      message: error.message ?? `(#${error.code}) Error`,
      type: error.type ?? 'OAuthException',
      code: error.code,
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      error_data: { messaging_product: 'whatsapp', details: 'From the fake Graph API.' },
      fbtrace_id: 'AFakeTraceId',
    },
  };
}
