export { SessionSummariser } from './session-summariser';
export { SessionSummaryWriter } from './session-summary-writer';
