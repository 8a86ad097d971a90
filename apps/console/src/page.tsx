import { render } from 'preact';
import { useRef } from 'preact/hooks';
import { ChatSession } from './chat/chat-session';
import { type Language, languageOf } from './texts/language';
import { ChatView } from './ui/chat-view';
import { keepAboveKeyboard } from './ui/keyboard';
import { EndButton, Presence } from './ui/status';
import { TextsContext } from './ui/texts-context';
import { useStore } from './ui/use-store';

/** The chat page at `/`. `?key=` says whose support chat it is, `?lang=` in which language it speaks. */
function Page({ session, language }: { session: ChatSession; language: Language }) {
  const state = useStore(session.state);
  const field = useRef<HTMLTextAreaElement | null>(null);
  const { texts } = language;
  return (
    <TextsContext.Provider value={texts}>
      {state.phase !== 'ended' && state.phase !== 'failed' && (
        <a
          class="skip"
          href="#parley-message"
          onClick={(event) => {
            event.preventDefault();
            field.current?.focus();
          }}
        >
          {texts.skip}
        </a>
      )}
      <header class="head">
        <div>
          <h1>{texts.title}</h1>
          <Presence state={state} />
        </div>
        <EndButton session={session} state={state} />
      </header>
      <main class="chat">
        <ChatView session={session} locale={language.locale} field={field} />
      </main>
    </TextsContext.Provider>
  );
}

const query = new URLSearchParams(location.search);
// The page is the directory that the backend is in.
const baseUrl = new URL('.', location.href).href.replace(/\/$/, '');
const language = await languageOf([query.get('lang'), ...navigator.languages], baseUrl);
document.documentElement.lang = language.code;
document.documentElement.dir = language.direction;
document.title = language.texts.title;
const session = new ChatSession({ baseUrl, publicKey: query.get('key') ?? undefined });
const place = document.getElementById('app')!;
render(<Page session={session} language={language} />, place);
keepAboveKeyboard(place);
void session.start();
