import { CONVERSATION_STATES, type ConversationState } from '@app/contracts';

/** Who may say where the context of a conversation is kept; the first that says something counts. */
export interface StateChoices {
  /** Of the channel that the message came through. */
  channel?: string | null;
  /** Of the persona's version. */
  persona?: string | null;
  workspace?: string | null;
}

/** The default keeps the data here and works with every compatible server. */
const DEFAULT_STATE: ConversationState = 'stateless';

/** Pure. @param hasConversations whether the API in use has conversations at all; Chat Completions has none */
export function effectiveState(choices: StateChoices, hasConversations: boolean): ConversationState {
  if (!hasConversations) return 'stateless';
  return known(choices.channel) ?? known(choices.persona) ?? known(choices.workspace) ?? DEFAULT_STATE;
}

const known = (value: string | null | undefined): ConversationState | undefined =>
  CONVERSATION_STATES.find((state) => state === value);
