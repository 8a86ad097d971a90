import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatState } from '../chat/chat-state';
import { nameOf, remarkOf } from './message';
import { useTexts } from './texts-context';

/** A long answer is not read from end to end: the reader can go to it. In UTF-16 code units. */
const MAX_SPOKEN = 600;

/** Tells screen readers what is new: each message once, when it is whole, and never what a reload brings back. */
export function Announcer({ state }: { state: ChatState }) {
  const texts = useTexts();
  const told = useRef<number | undefined>(undefined);
  const [spoken, setSpoken] = useState({ seq: 0, text: '' });
  const { messages, phase } = state;
  const lastSeq = messages.at(-1)?.seq ?? 0;

  useEffect(() => {
    if (phase === 'idle' || phase === 'starting') return;
    const known = told.current;
    told.current = lastSeq;
    if (known === undefined) return;
    const fresh = messages.filter(({ seq, speaker }) => seq > known && speaker !== 'visitor');
    if (fresh.length === 0) return;
    const lines = fresh.map((message) => {
      const remark = remarkOf(message, texts) ?? '';
      const text = message.text.length > MAX_SPOKEN ? `${message.text.slice(0, MAX_SPOKEN)} …` : message.text;
      return `${nameOf(message.speaker, texts)}: ${text} ${remark}`.trim();
    });
    setSpoken({ seq: lastSeq, text: lines.join('\n') });
  }, [lastSeq, phase]);

  return (
    <div class="hidden" role="log" aria-live="polite" aria-atomic="true" dir="auto">
      {/* An element of its own each time: the same words twice are two messages. */}
      {spoken.seq > 0 && <p key={spoken.seq}>{spoken.text}</p>}
    </div>
  );
}
