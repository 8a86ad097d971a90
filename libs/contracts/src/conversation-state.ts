export const CONVERSATION_STATES = ['stateless', 'conversation', 'hybrid'] as const;

/**
 * Who keeps the context of a conversation. `stateless`: we send the history with every message. `conversation`: a conversation at OpenAI holds
 * it. `hybrid`: the same, and whenever that is not possible the message is answered from our history.
 */
export type ConversationState = (typeof CONVERSATION_STATES)[number];
