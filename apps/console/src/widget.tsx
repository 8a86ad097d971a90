import { render } from 'preact';
import { ChatSession } from './chat/chat-session';
import chatStyles from './styles/chat.css';
import themeStyles from './styles/theme.css';
import widgetStyles from './styles/widget.css';
import { languageOf } from './texts/language';
import { Widget } from './widget/widget';
import { settingsOf } from './widget/settings';

/**
 * `/widget.js`: one script tag puts a chat button on any page. It lives in a shadow root, so the page's styles and its own do not meet; it makes
 * no inline style and evaluates no text, so it works under a strict content security policy.
 */
async function start(script: HTMLScriptElement): Promise<void> {
  // The tag may stand twice on a page, and both scripts run before either has its texts.
  if (document.querySelector('parley-chat') !== null) return;
  const host = document.createElement('parley-chat');
  const root = host.attachShadow({ mode: 'open' });
  const styles = new CSSStyleSheet();
  styles.replaceSync(themeStyles + chatStyles + widgetStyles);
  root.adoptedStyleSheets = [styles];
  document.body.append(host);
  const settings = settingsOf(script);
  const wanted = [settings.language, document.documentElement.lang, ...navigator.languages];
  const language = await languageOf(wanted, settings.chat.baseUrl);
  const session = new ChatSession(settings.chat);
  render(<Widget session={session} language={language} settings={settings} />, root);
}

// Only known while the script itself runs.
const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  if (document.body !== null) void start(script);
  else document.addEventListener('DOMContentLoaded', () => void start(script));
}
