export { ConversationSummariser } from './conversation-summariser';
export { SummaryCaller } from './summary-caller';
export { SummaryRequests } from './summary-requests';
