/** How much of the text is shown before, and after, what was found. */
const AROUND = 60;
const MAX_FOUND = 100;

/** What was found, with what stands around it, in at most 250 characters and on one line. */
export function excerpt(text: string, { start, end }: { start: number; end: number }): string {
  const until = Math.min(end, start + MAX_FOUND);
  const from = Math.max(0, start - AROUND);
  const to = Math.min(text.length, until + AROUND);
  const shown = text.slice(from, to).toWellFormed().replaceAll('\ufffd', '').replace(/\s+/gu, ' ').trim();
  return `${from > 0 ? '… ' : ''}${shown}${to < text.length ? ' …' : ''}`;
}
