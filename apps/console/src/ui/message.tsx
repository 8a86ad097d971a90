import { Component, type ComponentChildren } from 'preact';
import type { ChatMessage, Speaker } from '../chat/messages';
import type { Texts } from '../texts/en';
import { Markdown } from './markdown';

/** Below it the reader is told that the model is not sure. The same as what calls people by default. */
const UNSURE_BELOW = 0.5;

interface Props {
  message: ChatMessage;
  texts: Texts;
  locale: string;
  /** Buttons below it. */
  actions?: ComponentChildren;
}

export const nameOf = (speaker: Speaker, texts: Texts): string =>
  ({ visitor: texts.you, assistant: texts.assistant, agent: texts.agent, notice: texts.notice })[speaker];

/** What is to be known about a reply besides its words. */
export function remarkOf({ speaker, status, text, confidence }: ChatMessage, texts: Texts): string | undefined {
  if (speaker !== 'assistant') return undefined;
  if (status === 'cancelled') return text === '' ? texts.noWords : texts.stopped;
  if (status === 'truncated') return texts.cut;
  return confidence !== undefined && confidence < UNSURE_BELOW ? texts.unsure : undefined;
}

/** One message. Drawn once: messages never change. */
export class Message extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    const { message, actions, texts } = this.props;
    return next.message !== message || next.texts !== texts || (next.actions ?? actions) !== undefined;
  }

  render({ message, texts, locale, actions }: Props) {
    const { speaker, text } = message;
    const remark = remarkOf(message, texts);
    if (speaker === 'notice') {
      return (
        <li class="message notice" dir="auto">
          {text}
        </li>
      );
    }
    return (
      <li class={`message ${speaker}`}>
        <div class="meta">
          <span class="speaker">{nameOf(speaker, texts)}</span> <Time at={message.at} locale={locale} />
        </div>
        {text !== '' && (
          <div class="bubble" dir="auto">
            {speaker === 'visitor' ? <p class="as-typed">{text}</p> : <Markdown text={text} />}
          </div>
        )}
        {remark !== undefined && <p class="remark">{remark}</p>}
        {actions}
      </li>
    );
  }
}

function Time({ at, locale }: { at: string; locale: string }) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return null;
  const isToday = date.toDateString() === new Date().toDateString();
  const day = isToday ? {} : ({ day: 'numeric', month: 'short' } as const);
  return <time dateTime={at}>{date.toLocaleString(locale, { ...day, hour: '2-digit', minute: '2-digit' })}</time>;
}
