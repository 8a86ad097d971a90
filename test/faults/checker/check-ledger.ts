import type { LoggedRequest } from '../../support/fake-openai';
import { retryAfterMsOf } from '../support/misbehaviour';
import type { CallRow } from './evidence';
import type { EvidenceIndex, TurnCase } from './evidence-index';
import { type Finding, finding } from './finding';

/** Given up before a further attempt: the turn counts one attempt more than were made. */
const GIVEN_UP_BEFORE_CALL = new Set([
  'TURN.WORKER_LOST',
  'PERSONA.DELETED',
  'UPSTREAM.MODEL_HELD',
  'UPSTREAM.CIRCUIT_OPEN',
]);

/** Well below the 4 s that a lease of 6 s lives on at least after its worker's last heartbeat. */
const TOO_LATE_MS = 1000;

/**
 * I5: the ledger agrees with the upstream's log.
 *
 * A row is inserted before its request is sent, and that order is what makes the books right: every request the upstream received has a row
 * (requests ≤ rows). The reverse cannot hold to the letter: a worker can die, be cut off from its lease or be stopped in the moment between
 * the insert and the wire. Such a row has nothing that only an answer can bring, so it is one of those that `mayBeUnsent` names; rows − requests
 * is never more than there are of those. All other rows have been sent.
 */
export function checkLedger({ turns, evidence }: EvidenceIndex): Finding[] {
  return turns.flatMap((turn) => [
    ...checkCounts(turn),
    ...checkSummaries(turn),
    ...checkAttempts(turn, evidence.deaths),
    ...checkTokens(turn),
    ...checkEstimates(turn),
    ...checkBackoff(turn),
  ]);
}

function mayBeUnsent(call: CallRow): boolean {
  if (call.upstream_id !== null || call.http_status !== null || call.first_token_ms !== null) return false;
  return call.status !== 'succeeded';
}

function checkCounts({ turn, calls, requests }: TurnCase): Finding[] {
  const name = `Turn ${turn.id}`;
  // Who was answered from the cache has asked nobody.
  const sent = calls.filter(({ status }) => status !== 'cached');
  if (requests.length > sent.length) {
    return [
      finding('I5', `${name} has ${requests.length} requests at the upstream, but ${sent.length} rows in the ledger.`),
    ];
  }
  const surplus = sent.length - requests.length;
  const excused = sent.filter(mayBeUnsent).length;
  if (surplus <= excused) return [];
  return [
    finding('I5', `${name} has ${surplus} ledger rows more than requests, and only ${excused} of them may be unsent.`),
  ];
}

/** Summaries have rows of their own, booked on the turn after which they were made. One whose worker died is left to housekeeping. */
function checkSummaries(turn: TurnCase): Finding[] {
  const { summaryCalls: calls, summaryRequests: requests } = turn;
  const found = checkCounts({ ...turn, calls, requests });
  if (calls.some((call, place) => call.attempt !== place + 1)) {
    const attempts = calls.map((call) => call.attempt).join(', ');
    found.push(finding('I5', `The attempts for a summary after turn ${turn.turn.id} are numbered ${attempts}.`));
  }
  return [...found, ...checkTokens({ ...turn, calls, requests, replies: null })];
}

function checkAttempts({ turn, calls }: TurnCase, deaths: readonly number[]): Finding[] {
  const found: Finding[] = [];
  const name = `Turn ${turn.id}`;
  const attempts = new Set(calls.map((call) => call.attempt));
  if (attempts.size !== calls.length || calls.some((call) => call.attempt > turn.attempt)) {
    found.push(
      finding(
        'I5',
        `${name} of ${turn.attempt} attempts has ledger rows for ${calls.map((call) => call.attempt).join(', ')}.`,
      ),
    );
  }
  // An attempt without a row: its worker died between counting it and writing it down, so nothing was sent.
  const isCancelled = turn.status === 'cancelled';
  const isWithoutCall = isCancelled || GIVEN_UP_BEFORE_CALL.has(turn.error_code ?? '');
  const unwritten = Math.max(0, turn.attempt - attempts.size - (isWithoutCall ? 1 : 0));
  const lost = calls.filter((call) => call.status === 'lost').length;
  // The last attempt of a turn that was cancelled after its worker had died is never taken over, so nobody counts it.
  if (unwritten + lost > turn.lost_attempts + (isCancelled ? 1 : 0)) {
    found.push(
      finding(
        'I5',
        `${name} lost ${turn.lost_attempts} attempts, but ${lost} rows are lost and ${unwritten} are missing.`,
      ),
    );
  }
  calls.forEach((call, place) => {
    if (call.status !== 'started' || isWrittenTooLate(call, calls[place + 1])) return;
    if (isCancelled && deaths.some((deathMs) => deathMs > call.started_ms - TOO_LATE_MS)) return;
    found.push(finding('I5', `${name} has ended, but its ledger row for attempt ${call.attempt} is open.`));
  });
  const answers = calls.filter((call) => call.status === 'succeeded' || call.status === 'cached').length;
  if (answers !== (turn.status === 'completed' ? 1 : 0)) {
    found.push(finding('I5', `${name} is ${turn.status} and has ${answers} succeeded rows.`));
  }
  return found;
}

/**
 * A worker that slept between counting its attempt and writing it down, woke after the takeover had closed what was open, and was then killed, leaves
 * an open row to housekeeping. Such a row is hardly older than the next one; an orphan of a killed worker is, by most of a lease.
 */
const isWrittenTooLate = (call: CallRow, next: CallRow | undefined): boolean =>
  next !== undefined && call.started_ms > next.started_ms - TOO_LATE_MS;

/** Tokens are what the upstream delivered, or unknown; a row that names an answer agrees with that very answer. */
function checkTokens({
  turn,
  calls,
  requests,
  replies,
}: Pick<TurnCase, 'turn' | 'calls' | 'requests'> & { replies: TurnCase['replies'] | null }): Finding[] {
  const found: Finding[] = [];
  const unnamed = requests.map(({ usage }) => usage).filter((usage) => usage !== null);
  // An answer from the cache was never asked for.
  for (const call of calls.filter(({ status }) => status !== 'cached')) {
    const name = `Turn ${turn.id}, attempt ${call.attempt} (${call.status})`;
    if (call.upstream_id === null) {
      if (!call.is_usage_estimated && call.total_tokens !== null && !unnamed.some((usage) => sameUsage(call, usage))) {
        found.push(finding('I5', `${name} has ${call.total_tokens} tokens, which the upstream never reported.`));
      }
      continue;
    }
    const request = requests.find(({ answerId }) => answerId === call.upstream_id);
    if (request === undefined) found.push(finding('I5', `${name} names an answer that the upstream never gave.`));
    else if (!sameUsage(call, request.usage)) {
      found.push(
        finding('I5', `${name} has ${tokensOf(call)} tokens, the upstream said ${JSON.stringify(request.usage)}.`),
      );
    }
    if (replies !== null && call.status === 'succeeded' && replies[0]?.tokens_used !== call.total_tokens) {
      found.push(finding('I5', `${name} has ${call.total_tokens} tokens, the reply ${replies[0]?.tokens_used}.`));
    }
  }
  return found;
}

function sameUsage(call: CallRow, usage: LoggedRequest['usage']): boolean {
  if (usage === null) return call.input_tokens === null && call.output_tokens === null && call.total_tokens === null;
  return call.input_tokens === usage.input && call.output_tokens === usage.output && call.total_tokens === usage.total;
}

const tokensOf = (call: CallRow): string => `${call.input_tokens}+${call.output_tokens}=${call.total_tokens}`;

/** Tokens of a reply that was stopped are estimated where the upstream said nothing, and only there; never as 0, and marked in the reply, too. */
function checkEstimates({ turn, calls, replies }: TurnCase): Finding[] {
  const found: Finding[] = [];
  for (const call of calls) {
    const name = `Turn ${turn.id}, attempt ${call.attempt} (${call.status})`;
    if (!call.is_usage_estimated) continue;
    if (turn.status !== 'cancelled' || call.upstream_id !== null) {
      found.push(finding('I5', `${name} has estimated tokens, although its turn is ${turn.status}.`));
    }
    if (!(call.total_tokens !== null && call.total_tokens > 0)) {
      found.push(finding('I5', `${name} is estimated at ${call.total_tokens} tokens.`));
    }
  }
  const [reply] = replies;
  if (turn.status !== 'cancelled' || reply === undefined) return found;
  const last = calls.at(-1);
  if (
    reply.tokens_used !== (last?.total_tokens ?? null) ||
    (reply.is_usage_estimated ?? false) !== last?.is_usage_estimated
  ) {
    found.push(
      finding(
        'I5',
        `Turn ${turn.id} was stopped with ${last?.total_tokens} tokens, its reply says ${reply.tokens_used}.`,
      ),
    );
  }
  if (last?.upstream_id === null && !last.is_usage_estimated) {
    found.push(finding('I5', `Turn ${turn.id} was stopped after text had come, and its tokens are not estimated.`));
  }
  return found;
}

/** I4: what the upstream asked for with Retry-After is kept, whatever became of processes and queue meanwhile. */
function checkBackoff({ turn, calls, userMessage }: TurnCase): Finding[] {
  const askedMs = retryAfterMsOf(userMessage?.content ?? '');
  if (askedMs === null) return [];
  return calls.flatMap((call, place) => {
    const next = calls[place + 1];
    // Refused after its lease was taken: the one who has the lease did not hear of it.
    const wasHeard = call.error_code === 'UPSTREAM.RATE_LIMITED' && turn.lost_attempts === 0;
    if (!wasHeard || next === undefined || call.ended_ms === null) return [];
    const waitedMs = next.started_ms - call.ended_ms;
    if (waitedMs >= askedMs) return [];
    return [
      finding(
        'I4',
        `Turn ${turn.id} was tried again after ${Math.round(waitedMs)} ms, although the upstream asked for ${askedMs}.`,
      ),
    ];
  });
}
