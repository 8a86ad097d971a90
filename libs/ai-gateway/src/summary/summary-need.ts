import type { HistoryTurn, TurnSummary } from '@app/conversations';
import { utf8Bytes } from '../prompt';

/** A summary per turn would cost as much as it saves; so this much must have fallen out of the window since the last one: turns, or tokens. */
export const MIN_TURNS = 6;
export const MIN_TOKENS = 1_500;
/** Two messages each. */
const SEQS_PER_TURN = 2;
/**
 * English has about four bytes per token, other languages between two and four. Good enough for what is decided here; the tokenizer would stop the
 * process for 0.3 s when it is loaded, and with it the replies of others.
 */
const BYTES_PER_TOKEN = 4;
const FEWEST_BYTES_PER_TOKEN = 2;

/** No message says more to a summary than this. */
const MAX_MESSAGE_CHARACTERS = 6_000;

/**
 * Whether it is worth looking if something must be summarised, from what the turn knows anyway: costs no query.
 * @param firstSeq where the history of the next prompt will begin
 */
export function mayNeedSummary(
  history: readonly HistoryTurn[],
  summary: TurnSummary | null,
  firstSeq: number,
): boolean {
  const through = summary?.throughSeq ?? 0;
  if (firstSeq - 1 - through >= MIN_TURNS * SEQS_PER_TURN) return true;
  return isLong(history.filter((turn) => turn.userSeq > through && turn.userSeq < firstSeq));
}

/** The exact answer, about the turns that fell out since the last summary. */
export function isEnough(fallen: readonly HistoryTurn[]): boolean {
  return fallen.filter(({ user, reply }) => Boolean(user ?? reply)).length >= MIN_TURNS || isLong(fallen);
}

/**
 * The oldest of them that go into one call, long messages cut; what is over waits for the next one. At least one.
 * @param mostTokens estimated
 */
export function chunkOf(fallen: readonly HistoryTurn[], mostTokens: number): HistoryTurn[] {
  const mostBytes = mostTokens * FEWEST_BYTES_PER_TOKEN;
  const characters = Math.min(MAX_MESSAGE_CHARACTERS, Math.max(100, Math.floor(mostTokens / 2)));
  const chunk: HistoryTurn[] = [];
  let bytes = 0;
  for (const turn of fallen) {
    const cut = { ...turn, user: clipped(turn.user, characters), reply: clipped(turn.reply, characters) };
    bytes += bytesOf(cut);
    if (bytes > mostBytes && chunk.length > 0) break;
    chunk.push(cut);
  }
  return chunk;
}

const isLong = (turns: readonly HistoryTurn[]): boolean =>
  turns.reduce((sum, turn) => sum + bytesOf(turn), 0) >= MIN_TOKENS * BYTES_PER_TOKEN;

const bytesOf = ({ user, reply }: HistoryTurn): number => utf8Bytes(user ?? '') + utf8Bytes(reply ?? '');

/** The beginning and the end: there people say what it is about and what they want. */
function clipped(text: string | null, characters: number): string | null {
  if (text === null || text.length <= characters) return text;
  const head = Math.floor(characters * 0.75);
  return `${text.slice(0, head)} […] ${text.slice(head - characters)}`.toWellFormed();
}
