import type { TurnCandidate } from '@app/contracts';
import type { PersonaVersionSnapshot } from '@app/personas';
import type { SessionPrompt } from '@app/sessions';
import { utf8Bytes } from '../prompt';
import { instructionsOf } from '../prompt/instructions-of';

/** UTF-8 bytes per token, at the least, of text that people write; code and rare scripts are counted exactly before the call. */
const BYTES_PER_TOKEN = 3;
/** A picture of usual size and detail. */
const TOKENS_PER_PICTURE = 1000;
/** Roles and separators. */
const FRAME_TOKENS = 64;

/**
 * Input tokens that answering a message takes, estimated on the high side and without a tokenizer: the door must not take long. The worker,
 * which has the whole prompt, puts it right before the call.
 * @param session that the message belongs to; null for none
 * @param budgetTokens CONTEXT_TOKEN_BUDGET: older messages are left out beyond it
 */
export function estimateInput(
  candidate: TurnCandidate,
  persona: PersonaVersionSnapshot,
  session: SessionPrompt | null,
  budgetTokens: number,
): number {
  // Instructions are never cut, and what is said of a client can be as long as the budget.
  const instructions = utf8Bytes(instructionsOf(persona, session)) / BYTES_PER_TOKEN;
  const past = Math.min(instructions + candidate.historyBytes / BYTES_PER_TOKEN, Math.max(budgetTokens, instructions));
  const message = candidate.contentBytes / BYTES_PER_TOKEN + candidate.imageCount * TOKENS_PER_PICTURE;
  return Math.ceil(Math.max(past, candidate.lastTotalTokens ?? 0) + message) + FRAME_TOKENS;
}
