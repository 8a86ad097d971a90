/** What a transcript needs of an event; `TurnEvent` of the event reader has it all. */
export interface TranscriptEvent {
  id: number;
  event: string;
  data: {
    offset?: number;
    delta?: string;
    status?: string;
    assistant_message?: { content: string; status: string } | null;
  };
}

/** The last event of a turn, and the status that it tells. */
export const STATUS_OF_END: Record<string, string> = {
  'message.completed': 'completed',
  'turn.failed': 'failed',
  'turn.cancelled': 'cancelled',
};

/** The text as a client shows it after these events: deltas at their places, thrown away by a reset. */
export function textOf(events: readonly TranscriptEvent[]): string {
  let text = '';
  for (const { event, data } of events) {
    if (event === 'message.reset') text = '';
    if (event === 'message.delta') text = text.slice(0, data.offset) + (data.delta ?? '');
  }
  return text;
}

/**
 * What is wrong with everything that one client was told of a turn, over all its connections, each resumed after the last event it had; empty
 * when nothing is. @param isWhole the client stayed until the end
 */
export function flawsOf(events: readonly TranscriptEvent[], isWhole = true): string[] {
  const flaws: string[] = [];
  const ends = events.filter(({ event }) => event in STATUS_OF_END);
  if (events.length > 0 && events[0]!.event !== 'turn.started') flaws.push(`it begins with ${events[0]!.event}`);
  if (events.filter(({ event }) => event === 'turn.started').length > 1) flaws.push('the turn started twice');
  events.forEach(({ id }, place) => {
    const before = place === 0 ? 0 : events[place - 1]!.id;
    if (!(id > before)) flaws.push(`event ${id} comes after event ${before}`);
  });
  let length = 0;
  for (const { id, event, data } of events) {
    if (event === 'message.reset') length = 0;
    if (event !== 'message.delta') continue;
    if (data.offset === undefined || data.offset > length) {
      flaws.push(`event ${id} puts text at ${data.offset}, but there are only ${length} characters before it`);
    }
    length = (data.offset ?? 0) + (data.delta ?? '').length;
  }
  if (ends.length > 1 || (ends.length === 1 && ends[0] !== events.at(-1))) flaws.push('something follows the end');
  if (isWhole && ends.length === 0) flaws.push('it has no end');
  return [...flaws, ...flawsOfEnd(events, ends.at(-1))];
}

function flawsOfEnd(events: readonly TranscriptEvent[], end: TranscriptEvent | undefined): string[] {
  if (end === undefined) return [];
  const flaws: string[] = [];
  const { status, assistant_message: reply } = end.data;
  if (status !== STATUS_OF_END[end.event]) flaws.push(`${end.event} says that the turn is ${status}`);
  const text = textOf(events);
  // A fallback takes the place of whatever was shown; and a reply that was deleted tells nothing.
  if (reply && reply.status !== 'fallback' && reply.content !== text) {
    flaws.push(`its text is ${shortened(text)}, but the reply is ${shortened(reply.content)}`);
  }
  return flaws;
}

const shortened = (text: string): string =>
  JSON.stringify(text.length <= 120 ? text : `${text.slice(0, 60)} … ${text.slice(-50)} (${text.length} characters)`);
