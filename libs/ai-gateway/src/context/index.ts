export { LearnedWindows } from './learned-windows';
export { knownWindow, type ModelWindow } from './model-windows';
export { type FittedPrompt, PromptFitter, type PromptParts } from './prompt-fitter';
