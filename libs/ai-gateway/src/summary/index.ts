export { ConversationSummariser } from './conversation-summariser';
export { SummaryCaller, type SummaryCall } from './summary-caller';
export { SummaryRequests } from './summary-requests';
export { chunkOf } from './summary-need';
export { storedSummary } from './summary-prompt';
