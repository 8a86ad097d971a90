export { buildInstructions, buildSessionSection, type PromptClient, type PromptParts } from './prompt-builder';
export {
  buildInput,
  mostTokens,
  nextFirstSeq,
  TOKENS_PER_IMAGE,
  tokensOfAll,
  type BuiltInput,
  type HistoryTurn,
  type InputLimits,
  type InputMessage,
  type PromptImage,
} from './input-builder';
export { backgroundOf } from './background';
export { estimateTokens, utf8Bytes } from './token-estimate';
export { AFTER_HAND_OFF, isNote, notesOf } from './notes';
