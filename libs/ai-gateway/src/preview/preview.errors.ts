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

/** The model API is down or has no room now. */
export const previewHeld = ({ code, delayMs }: NoAdmission): AppError =>
  new AppError(
    code,
    503,
    'The model cannot be asked right now: its limit is used up or it does not answer. GET /chat/health says which.',
    { retryAfterSeconds: Math.max(1, Math.ceil(delayMs / 1000)) },
  );

const TRY_AGAIN = 'The model did not answer this time. Try again in a moment.';

/** For who works on a persona: what of it the upstream does not take. In our words only: those of an upstream can name keys and limits. */
const DETAILS: Partial<Record<ProviderError['code'], string>> = {
  'UPSTREAM.MODEL_NOT_FOUND':
    'The upstream does not know this model, or its key may not use it. Choose another `model`.',
  'UPSTREAM.CONTEXT_TOO_LONG':
    'Instructions and message are together too long for the model. Shorten them, or choose another `model`.',
  'UPSTREAM.PROMPT_REFUSED':
    'The upstream refuses the stored prompt. Check `openai_prompt_id`, its version and its variables.',
  'UPSTREAM.TOOLS_REFUSED': 'The upstream refuses the `tools` of this version. The model may not have them.',
  'UPSTREAM.RESPONSE_FORMAT_REFUSED': 'The upstream refuses the `response_format` of this version.',
  'UPSTREAM.IMAGE_REFUSED': 'The upstream cannot read a picture of this message.',
  'UPSTREAM.CONTENT_FILTERED': 'The upstream does not answer this message: its filter has refused it.',
  'UPSTREAM.EMPTY_ANSWER': 'The model answered nothing. With reasoning models `max_tokens` may be too low.',
};

/** @returns 503 when asking again can help, else 502 */
export function previewProblem(error: ProviderError): AppError {
  if (error.kind === 'retryable') {
    const retryAfterSeconds = Math.max(1, Math.ceil((error.retryAfterMs ?? 5000) / 1000));
    return new AppError(error.code, 503, DETAILS[error.code] ?? TRY_AGAIN, { retryAfterSeconds, cause: error });
  }
  const detail =
    DETAILS[error.code] ??
    'The AI refused this request. GET /chat/health says whether it works; an administrator finds the reason in the log.';
  return new AppError(error.code, 502, detail, { cause: error });
}
