const TEMPORARY = "I'm sorry, I can't answer right now. Please try again in a moment.";
const BUSY = "I'm sorry, a lot of people are writing to me right now. Please try again in a few minutes.";
const OURS = "I'm sorry, I can't answer because of a problem on our side. Please try again later.";
const TOO_LONG =
  "I'm sorry, this is too long for me to read at once. Please send a shorter message or start a new conversation.";
const FILTERED = "I'm sorry, I can't help with that. Please put it differently or ask me something else.";
const PICTURE = "I'm sorry, I couldn't read the picture. Please send another one, or tell me in words what it shows.";
const BUDGET = "I'm sorry, the budget for my answers is used up for now. Please try again later.";
const STOPPED = 'This answer was stopped.';

const BY_CODE: Record<string, string> = {
  'UPSTREAM.RATE_LIMITED': BUSY,
  'UPSTREAM.OVERLOADED': BUSY,
  'UPSTREAM.MODEL_HELD': BUSY,
  'UPSTREAM.CIRCUIT_OPEN': TEMPORARY,
  'UPSTREAM.UNAUTHORIZED': OURS,
  'UPSTREAM.FORBIDDEN': OURS,
  'UPSTREAM.QUOTA_EXHAUSTED': OURS,
  'UPSTREAM.BAD_REQUEST': OURS,
  'UPSTREAM.MODEL_NOT_FOUND': OURS,
  'UPSTREAM.PROMPT_REFUSED': OURS,
  'UPSTREAM.TOOLS_REFUSED': OURS,
  'UPSTREAM.RESPONSE_FORMAT_REFUSED': OURS,
  'UPSTREAM.IMAGE_REFUSED': PICTURE,
  'UPSTREAM.NOT_FOUND': OURS,
  'UPSTREAM.CONTEXT_TOO_LONG': TOO_LONG,
  'UPSTREAM.CONTENT_FILTERED': FILTERED,
  'UPSTREAM.CANCELLED': STOPPED,
  'MESSAGE.UNREADABLE': OURS,
  'BUDGET.EXCEEDED': BUDGET,
  'BUDGET.PRICE_UNKNOWN': OURS,
};

/**
 * What a person reads when a turn finally failed. Fixed words by class of the code, never the upstream's: those can name
 * keys, models and limits. An unknown code gets the text for a passing problem.
 */
export function fallbackText(code: string): string {
  return BY_CODE[code] ?? TEMPORARY;
}
