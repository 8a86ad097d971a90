import type { TurnCandidate } from '@app/contracts';
import type { PersonaVersionSnapshot } from '@app/personas';
import type { SessionPrompt } from '@app/sessions';
import { TOKENS_PER_IMAGE, utf8Bytes } from '../prompt';
import { instructionsOf } from '../prompt/instructions-of';
import { VERDICT_INSTRUCTIONS, VERDICT_SCHEMA } from '../verdict';

/** UTF-8 bytes per token, at the least, of text that people write; code and rare scripts are counted exactly before the call. */
const BYTES_PER_TOKEN = 3;
/** Roles and separators. */
const FRAME_TOKENS = 64;
/** Where the model judges its own answer. */
const VERDICT_INPUT_TOKENS = utf8Bytes(VERDICT_INSTRUCTIONS + JSON.stringify(VERDICT_SCHEMA)) / BYTES_PER_TOKEN;

/**
 * Input tokens that answering a message takes, estimated on the high side and without a tokenizer: the door must not take long. The worker,
 * which has the whole prompt, puts it right before the call.
 * @param budgetTokens CONTEXT_TOKEN_BUDGET: older messages are left out beyond it
 * @param session that the message belongs to; null for none
 * @param wantsVerdict the model is to judge its own answer
 */
export function estimateInput(
  candidate: TurnCandidate,
  persona: PersonaVersionSnapshot,
  budgetTokens: number,
  session: SessionPrompt | null = null,
  wantsVerdict = false,
): number {
  // Instructions are never cut, and what is said of a client can be as long as the budget.
  const instructions = utf8Bytes(instructionsOf(persona, session)) / BYTES_PER_TOKEN;
  const past = Math.min(instructions + candidate.historyBytes / BYTES_PER_TOKEN, Math.max(budgetTokens, instructions));
  const settings = utf8Bytes(JSON.stringify([persona.tools, persona.responseFormat])) / BYTES_PER_TOKEN;
  const message = candidate.contentBytes / BYTES_PER_TOKEN + candidate.imageCount * TOKENS_PER_IMAGE;
  const context = Math.max(past + settings, candidate.lastTotalTokens ?? 0);
  return Math.ceil(context + message + (wantsVerdict ? VERDICT_INPUT_TOKENS : 0)) + FRAME_TOKENS;
}
