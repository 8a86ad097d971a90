/** Token counts of an answer; fields left out are derived from the texts. */
export interface ScenarioUsage {
  input?: number;
  cached?: number;
  cacheWrite?: number;
  output?: number;
  reasoning?: number;
}

/** A hosted tool that runs before the text (Responses only). */
export interface ScenarioTool {
  /** Such as `web_search_call`. */
  type: string;
  /** What the finished item says besides id, type and status. */
  item?: Record<string, unknown>;
  /** What comes between the beginning and the end, as `response.<type>.<status>`; default: `in_progress`, `completed`. */
  statuses?: string[];
  /** How long it is at work, in silence. */
  delayMs?: number;
}

/** How the pieces of an answer come. */
export interface Pace {
  /** Before the first piece, after the headers. */
  firstTokenDelayMs?: number;
  /** Between two pieces. */
  tokenDelayMs?: number;
  /** Sends a comment (`: keep-alive`) this often while it waits. */
  keepAliveMs?: number;
}

export interface ReplyScenario extends Pace {
  type: 'reply';
  /** Default: `You said: <last user message>`. */
  text?: string;
  /** The pieces to stream; default: the text word by word. */
  pieces?: string[];
  /** This many pieces of filler text, when there is neither text nor pieces. */
  tokens?: number;
  /** `null`: the answer carries no usage. */
  usage?: ScenarioUsage | null;
  /** The model named in the answer; default: the one asked for. */
  model?: string;
  /** The tier that the answer says it was served in; default: the one asked for, and `default` for `auto` and none. */
  serviceTier?: string | null;
  /** `length` and `content_filter` end as `response.incomplete` or with that finish_reason. */
  finish?: 'stop' | 'length' | 'content_filter';
  /** `refusal`: the text comes as a refusal and not as content. */
  as?: 'text' | 'refusal';
  /** Reasoning events before the text, at the pace of the tokens. */
  reasoningEvents?: number;
  /** Mixes in event types no client knows. */
  unknownEvents?: boolean;
  /** Chat only: leaves out `data: [DONE]`. */
  withoutDone?: boolean;
  /** Sends the whole text in the terminal event only, no deltas (Responses). */
  withoutDeltas?: boolean;
  /** Before the response headers. */
  headersDelayMs?: number;
  tools?: ScenarioTool[];
  /** Where the request asks for a verdict on the reply: what it says. Default 0.9, and no person needed. */
  confidence?: number;
  needsHuman?: boolean;
  /** Answers as if neither a schema nor a last line had been asked for. */
  isUnstructured?: boolean;
  /** Annotations of the text. */
  annotations?: Record<string, unknown>[];
}

export interface ErrorScenario {
  type: 'error';
  status: number;
  code?: string | null;
  errorType?: string;
  message?: string;
  param?: string | null;
  headers?: Record<string, string>;
  /** Sent as it is instead of OpenAI's error object: HTML pages, other servers' shapes. */
  rawBody?: string;
  contentType?: string;
}

export type Scenario =
  | ReplyScenario
  | ErrorScenario
  /** Refuses with 400 as long as the request carries `param`; then it replies. */
  | { type: 'refuse-param'; param: string; code?: string | null; message?: string }
  /** Never answers: no headers, or nothing (but comments, with `keepAliveMs`) after `afterPieces` pieces. */
  | ({ type: 'hang'; at: 'headers' | 'stream'; afterPieces?: number } & Pace)
  /** Ends the stream after `afterPieces` pieces without a terminal event: cleanly, or with a reset of the socket. */
  | ({ type: 'cut'; how: 'end' | 'reset'; afterPieces?: number; afterFinishReason?: boolean } & Pace)
  /** Resets the socket before any header. */
  | { type: 'reset-before-headers' }
  /** An error event inside the stream, after `afterPieces` pieces. */
  | { type: 'stream-error'; afterPieces?: number; code?: string; errorType?: string; message?: string }
  /** `response.failed` after `afterPieces` pieces (Chat: an error chunk, which is what it has). */
  | { type: 'failed'; afterPieces?: number; code?: string; message?: string; usage?: ScenarioUsage | null }
  /** A 200 with this body. */
  | { type: 'raw'; contentType: string; body: string };

/** A scenario, or the text of a directive such as `429 retry-after=2`. */
export type ScenarioLike = Scenario | string;

/** Ready-made scenarios, with the bodies OpenAI sends. */
export const scenarios = {
  reply: (text?: string, more: Partial<ReplyScenario> = {}): Scenario => ({ type: 'reply', text, ...more }),
  refusal: (text = "I'm sorry, I can't help with that."): Scenario => ({ type: 'reply', text, as: 'refusal' }),
  empty: (): Scenario => ({ type: 'reply', pieces: [] }),
  incomplete: (text = 'This answer is cut'): Scenario => ({ type: 'reply', text, finish: 'length' }),
  withoutUsage: (): Scenario => ({ type: 'reply', usage: null }),
  error: (status: number, more: Partial<ErrorScenario> = {}): Scenario => ({ type: 'error', status, ...more }),
  /** @param retryAfter seconds, or any text for the header, such as an HTTP date */
  rateLimited: (retryAfter?: number | string): Scenario => ({
    type: 'error',
    status: 429,
    code: 'rate_limit_exceeded',
    errorType: 'requests',
    message: 'Rate limit reached for requests.',
    headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
  }),
  quotaExhausted: (): Scenario => ({
    type: 'error',
    status: 429,
    code: 'insufficient_quota',
    errorType: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan and billing details.',
  }),
  contextTooLong: (): Scenario => ({
    type: 'error',
    status: 400,
    code: 'context_length_exceeded',
    param: 'input',
    message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
  }),
  unsupportedParam: (param: string): Scenario => ({ type: 'refuse-param', param }),
  hang: (at: 'headers' | 'stream' = 'headers', afterPieces = 0): Scenario => ({ type: 'hang', at, afterPieces }),
  keepAliveOnly: (keepAliveMs = 10): Scenario => ({ type: 'hang', at: 'stream', afterPieces: 0, keepAliveMs }),
  cut: (afterPieces = 1): Scenario => ({ type: 'cut', how: 'end', afterPieces }),
  reset: (afterPieces = 1): Scenario => ({ type: 'cut', how: 'reset', afterPieces }),
  streamError: (afterPieces = 0, code = 'server_error'): Scenario => ({ type: 'stream-error', afterPieces, code }),
  failed: (code = 'server_error', afterPieces = 0): Scenario => ({ type: 'failed', code, afterPieces }),
};

/** What OpenAI says with a status, where the scenario does not say it itself. */
export const ERROR_DEFAULTS: Record<number, { code: string | null; errorType: string; message: string }> = {
  400: { code: null, errorType: 'invalid_request_error', message: 'The request is not valid.' },
  401: {
    code: 'invalid_api_key',
    errorType: 'invalid_request_error',
    message:
      'Incorrect API key provided: sk-fake*****************************abcd. You can find your API key at https://platform.openai.com/account/api-keys.',
  },
  403: { code: null, errorType: 'invalid_request_error', message: 'You are not allowed to do this.' },
  404: {
    code: 'model_not_found',
    errorType: 'invalid_request_error',
    message: 'The model `does-not-exist` does not exist or you do not have access to it.',
  },
  429: { code: 'rate_limit_exceeded', errorType: 'requests', message: 'Rate limit reached for requests.' },
  500: { code: null, errorType: 'server_error', message: 'The server had an error while processing your request.' },
  503: {
    code: null,
    errorType: 'server_error',
    message: 'The engine is currently overloaded, please try again later.',
  },
};
