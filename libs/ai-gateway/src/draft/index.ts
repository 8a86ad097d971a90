export { DraftWriter } from './draft-writer';
export type { Draft } from './draft-prompt';
