import { AppError } from '@app/kernel';
import type { NoAdmission } from '../protection';
import type { ProviderError } from '../provider';

export const tooManyPreviews = (limit: number): AppError =>
  new AppError(
    'PREVIEW.TOO_MANY',
    429,
    `You already have ${limit} previews running. Wait until one has ended, or end its request.`,
    { retryAfterSeconds: 5 },
  );

/** Whoever asked has hung up: nobody sees it, and it is no fault of ours that an operator should be told of. */
export const previewCutOff = (): AppError =>
  new AppError('PREVIEW.CUT_OFF', 408, 'The request was ended before its answer was there.');

/** The model API is down or has no room now. */
export const previewHeld = ({ code, delayMs }: NoAdmission): AppError =>
  new AppError(
    code,
    503,
    'The model cannot be asked right now: its limit is used up or it does not answer. GET /chat/health says which.',
    { retryAfterSeconds: Math.max(1, Math.ceil(delayMs / 1000)) },
  );

const TRY_AGAIN = 'The model did not answer this time. Try again in a moment.';

const EMPTY = 'The model answered nothing. With reasoning models `max_tokens` may be too low.';

/** For who works on a persona: what of it, or of the message, the upstream does not take. In our words only: those of an upstream can name keys. */
const REFUSALS: Partial<Record<ProviderError['code'], { field: string; message: string }>> = {
  'UPSTREAM.MODEL_NOT_FOUND': {
    field: 'model',
    message: 'is not known to the upstream, or its key may not use it. Choose another one.',
  },
  'UPSTREAM.CONTEXT_TOO_LONG': {
    field: 'content',
    message: 'is too long for the model, together with the instructions. Shorten them, or choose another model.',
  },
  'UPSTREAM.PROMPT_REFUSED': {
    field: 'openai_prompt_id',
    message: 'is refused by the upstream. Check it, its version and its variables.',
  },
  'UPSTREAM.TOOLS_REFUSED': { field: 'tools', message: 'are refused by the upstream. The model may not have them.' },
  'UPSTREAM.RESPONSE_FORMAT_REFUSED': { field: 'response_format', message: 'is refused by the upstream.' },
  'UPSTREAM.IMAGE_REFUSED': { field: 'images', message: 'hold a picture that the upstream cannot read.' },
  'UPSTREAM.CONTENT_FILTERED': { field: 'content', message: 'is refused by a filter of the upstream.' },
};

/** @returns 422 for what the persona or the message would have to change, 503 when asking again can help, else 502 */
export function previewProblem(error: ProviderError): AppError {
  const refusal = REFUSALS[error.code];
  if (refusal !== undefined) {
    return new AppError(error.code, 422, `${refusal.field}: ${refusal.message}`, { errors: [refusal], cause: error });
  }
  // Stopped from our side while somebody waits: this process is ending, and another one can be asked.
  if (error.kind === 'retryable' || error.code === 'UPSTREAM.CANCELLED') {
    const retryAfterSeconds = Math.max(1, Math.ceil((error.retryAfterMs ?? 5000) / 1000));
    const detail = error.code === 'UPSTREAM.EMPTY_ANSWER' ? EMPTY : TRY_AGAIN;
    return new AppError(error.code, 503, detail, { retryAfterSeconds, cause: error });
  }
  return new AppError(
    error.code,
    502,
    'The AI refused this request. GET /chat/health says whether it works; an administrator finds the reason in the log.',
    { cause: error },
  );
}
