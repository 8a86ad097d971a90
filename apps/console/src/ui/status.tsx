import type { ChatSession } from '../chat/chat-session';
import { type ChatState, isWithPerson } from '../chat/chat-state';
import type { Texts } from '../texts/en';
import { withNumber } from '../texts/language';
import { CloseIcon } from './icons';
import { useTexts } from './texts-context';

/** How many people of the team are there, and whether there is a connection. */
export function Presence({ state }: { state: ChatState }) {
  const texts = useTexts();
  const { agentsOnline, connection } = state;
  const people =
    agentsOnline === 0
      ? undefined
      : agentsOnline === 1
        ? texts.agentsOnline1
        : withNumber(texts.agentsOnlineN, agentsOnline);
  return (
    <p class="presence">
      <span class={`lamp ${connection}`} aria-hidden="true" />
      {connection === 'online' ? (people ?? texts.online) : texts.connecting}
    </p>
  );
}

/** One line about what goes on, told to screen readers when it changes. */
function lineOf(state: ChatState, texts: Texts): string | undefined {
  if (state.phase === 'ended') return undefined;
  if (state.connection === 'lost') return texts.lost;
  if (isWithPerson(state)) return texts.withPerson;
  if (state.isWaitingForPerson) return texts.waiting;
  return state.answeredBy === 'people' ? texts.teamAnswers : undefined;
}

export function StatusLine({ state }: { state: ChatState }) {
  const texts = useTexts();
  const line = lineOf(state, texts);
  return (
    <div role="status" class="status-place">
      {line !== undefined && <p class={`status ${state.connection}`}>{line}</p>}
    </div>
  );
}

/** What went wrong, in plain words. */
export function ErrorLine({ session, state }: { session: ChatSession; state: ChatState }) {
  const texts = useTexts();
  return (
    <div role="alert" class="error-place">
      {state.error !== undefined && state.phase !== 'failed' && (
        <p class="error">
          <span>{texts[state.error]}</span>
          <button type="button" class="quiet" aria-label={texts.dismiss} onClick={() => session.closeError()}>
            <CloseIcon />
          </button>
        </p>
      )}
    </div>
  );
}

/** Ends the conversation, once there is one. */
export function EndButton({ session, state }: { session: ChatSession; state: ChatState }) {
  const texts = useTexts();
  if (state.phase !== 'open' || state.messages.length === 0) return null;
  return (
    <button type="button" class="quiet" onClick={() => void session.end()}>
      {texts.end}
    </button>
  );
}
