export { FakeCollector } from './collector';
export type { CollectedSpan } from './spans';
