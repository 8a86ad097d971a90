import type { TurnEvent } from '../../support/event-reader';
import type { Evidence, Finding } from '../checker';
import type { Transcript } from './load-report';

type Clients = Evidence['clients'];

/** Damage done to the data of a run that was in order, and the invariant that the checker must report. */
export interface Corruption {
  name: string;
  sql?: string[];
  /** The same for what clients were told. */
  spoil?: (clients: Clients) => Clients;
  rule: Finding['rule'];
}

/** A turn in the middle of a conversation that was answered, so that it has neighbours. */
const ANSWERED = `(SELECT t.id FROM turns t WHERE t.status = 'completed' AND t.user_seq > 4 AND t.is_current
  AND NOT EXISTS (SELECT 1 FROM turns o WHERE o.user_message_id = t.user_message_id AND o.id <> t.id)
  AND EXISTS (SELECT 1 FROM turns n WHERE n.conversation_id = t.conversation_id AND n.user_seq > t.user_seq AND n.status = 'completed')
  ORDER BY t.id LIMIT 1)`;
const SUCCEEDED = `(SELECT id FROM model_calls WHERE status = 'succeeded' AND total_tokens IS NOT NULL ORDER BY id LIMIT 1)`;

/** The one that counts of several answered turns on the same message. */
const ALTERNATIVE = `(SELECT t.id FROM turns t WHERE t.is_current AND t.status = 'completed'
  AND EXISTS (SELECT 1 FROM turns o WHERE o.user_message_id = t.user_message_id AND o.id < t.id AND o.status = 'completed') ORDER BY t.id LIMIT 1)`;
const EDITED = `(SELECT id FROM messages WHERE edit_of_id IS NOT NULL ORDER BY id LIMIT 1)`;
const ESTIMATED = `(SELECT id FROM model_calls WHERE is_usage_estimated ORDER BY id LIMIT 1)`;

/** Damages the first stream that tells of a whole reply in at least two deltas. */
const spoilStream =
  (change: (events: TurnEvent[]) => TurnEvent[]) =>
  (clients: Clients): Clients => {
    const isFit = ({ events }: Transcript): boolean =>
      events.at(-1)?.event === 'message.completed' &&
      events.filter(({ event }) => event === 'message.delta').length > 1 &&
      events.every(({ event }) => event !== 'message.reset');
    const place = clients.transcripts.findIndex(isFit);
    return {
      ...clients,
      transcripts: clients.transcripts.map((one, index) =>
        index === place ? { ...one, events: change(structuredClone(one.events)) } : one,
      ),
    };
  };
const firstDelta = (events: readonly TurnEvent[]): number => events.findIndex(({ event }) => event === 'message.delta');

export const CORRUPTIONS: Corruption[] = [
  {
    name: 'a lost message',
    rule: 'I1',
    sql: [`DELETE FROM messages WHERE id = (SELECT user_message_id FROM turns WHERE id = ${ANSWERED})`],
  },
  {
    name: 'a message that was stored twice',
    rule: 'I6',
    sql: [
      `INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
       SELECT workspace_id, conversation_id, 100000, role, status, content FROM messages
       WHERE id = (SELECT user_message_id FROM turns WHERE id = ${ANSWERED})`,
    ],
  },
  {
    name: 'a lost reply',
    rule: 'I2',
    sql: [`DELETE FROM messages WHERE turn_id = ${ANSWERED}`],
  },
  {
    name: 'a doubled reply',
    rule: 'I2',
    sql: [
      'DROP INDEX messages_one_reply_key',
      `INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, turn_id)
       SELECT workspace_id, conversation_id, 100000, role, status, content, turn_id FROM messages WHERE turn_id = ${ANSWERED}`,
    ],
  },
  {
    name: 'the reply to another message',
    rule: 'I2',
    sql: [`UPDATE messages SET content = 'You said: something else' WHERE turn_id = ${ANSWERED}`],
  },
  {
    name: 'two replies in swapped order',
    rule: 'I3',
    sql: [
      'ALTER TABLE messages DROP CONSTRAINT messages_conversation_seq_key',
      `WITH pair AS (
         SELECT m.id, m.seq, row_number() OVER (ORDER BY m.seq) AS place FROM messages m
         JOIN turns t ON t.id = m.turn_id
         WHERE m.conversation_id = (SELECT conversation_id FROM turns WHERE id = ${ANSWERED}) AND t.user_seq > 4
         ORDER BY m.seq LIMIT 2
       )
       UPDATE messages m SET seq = other.seq FROM pair, pair other WHERE m.id = pair.id AND other.id <> pair.id`,
    ],
  },
  {
    name: 'a gap in seq',
    rule: 'I3',
    sql: [
      `UPDATE messages SET seq = seq + 100000 WHERE id = (SELECT user_message_id FROM turns WHERE id = ${ANSWERED})`,
    ],
  },
  {
    name: 'a turn that began before the one ahead of it had ended',
    rule: 'I3',
    sql: [`UPDATE turns SET finished_at = finished_at + interval '1 hour' WHERE id = ${ANSWERED}`],
  },
  {
    name: 'a history that is not what the upstream was told',
    rule: 'I3',
    sql: [
      `UPDATE messages SET content = content || ' and more' WHERE id = (SELECT user_message_id FROM turns WHERE id = ${ANSWERED})`,
    ],
  },
  {
    name: 'a turn left open',
    rule: 'I4',
    sql: [`UPDATE turns SET status = 'pending', finished_at = NULL WHERE id = ${ANSWERED}`],
  },
  {
    name: 'a missing ledger row',
    rule: 'I5',
    sql: [`DELETE FROM model_calls WHERE id = ${SUCCEEDED}`],
  },
  {
    name: 'a ledger row for a request that was never made',
    rule: 'I5',
    sql: [
      `INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, attempt, status, provider, api,
         model_requested, http_status, ended_at)
       SELECT workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, 99, 'failed', provider, api, model_requested, 500, now()
       FROM model_calls WHERE id = ${SUCCEEDED}`,
      `UPDATE turns SET attempt = 99, lost_attempts = 99 WHERE id = (SELECT turn_id FROM model_calls WHERE id = ${SUCCEEDED})`,
    ],
  },
  {
    name: 'tokens that the upstream did not report',
    rule: 'I5',
    sql: [`UPDATE model_calls SET total_tokens = total_tokens + 1 WHERE id = ${SUCCEEDED}`],
  },
  {
    name: 'an unknown usage booked as 0',
    rule: 'I5',
    sql: [`UPDATE model_calls SET input_tokens = 0, output_tokens = 0, total_tokens = 0 WHERE id = ${SUCCEEDED}`],
  },
  {
    name: 'an orphan that nobody marked as lost',
    rule: 'I5',
    sql: [`UPDATE model_calls SET status = 'started', ended_at = NULL WHERE id = ${SUCCEEDED}`],
  },
  {
    name: "a message in somebody else's conversation",
    rule: 'I7',
    sql: [
      `UPDATE messages SET content = replace(content, '<c', '<c9') WHERE id = (SELECT user_message_id FROM turns WHERE id = ${ANSWERED})`,
    ],
  },
  {
    name: "an attempt booked on somebody else's account",
    rule: 'I7',
    sql: [`UPDATE model_calls SET user_id = user_id + 1 WHERE id = ${SUCCEEDED}`],
  },
  {
    name: 'an older alternative that counts instead of the latest',
    rule: 'I3',
    sql: [
      `UPDATE turns SET is_current = (id = (SELECT min(id) FROM turns WHERE user_message_id = (SELECT user_message_id FROM turns WHERE id = ${ALTERNATIVE})))
       WHERE user_message_id = (SELECT user_message_id FROM turns WHERE id = ${ALTERNATIVE})`,
    ],
  },
  {
    name: 'two alternatives that both count',
    rule: 'I3',
    sql: [
      `UPDATE turns SET is_current = true WHERE user_message_id = (SELECT user_message_id FROM turns WHERE id = ${ALTERNATIVE})`,
    ],
  },
  {
    name: 'a branch that counts although an edit took its place',
    rule: 'I3',
    sql: [
      `UPDATE turns SET is_current = true WHERE user_message_id = (SELECT edit_of_id FROM messages WHERE id = ${EDITED})`,
    ],
  },
  {
    name: 'an edit that nobody remembers as one: its prompt left out what it replaced',
    rule: 'I3',
    sql: [`UPDATE messages SET edit_of_id = NULL WHERE id = ${EDITED}`],
  },
  {
    name: 'a cancelled turn that nobody cancelled',
    rule: 'I2',
    sql: [
      `UPDATE messages SET status = 'cancelled' WHERE turn_id = ${ANSWERED}`,
      `UPDATE turns SET status = 'cancelled', error_code = 'X' WHERE id = ${ANSWERED}`,
    ],
  },
  {
    name: 'an estimate that is not marked as one',
    rule: 'I5',
    sql: [`UPDATE model_calls SET is_usage_estimated = false WHERE id = ${ESTIMATED}`],
  },
  {
    name: 'a stopped reply booked as 0 tokens',
    rule: 'I5',
    sql: [`UPDATE model_calls SET input_tokens = 0, output_tokens = 0, total_tokens = 0 WHERE id = ${ESTIMATED}`],
  },
  {
    name: 'a turn made twice for one request',
    rule: 'I6',
    sql: [
      'DROP INDEX turns_idempotency_key',
      `UPDATE turns SET idempotency_key = (SELECT idempotency_key FROM turns WHERE id = ${ANSWERED})
       WHERE conversation_id = (SELECT conversation_id FROM turns WHERE id = ${ANSWERED})`,
    ],
  },
  {
    name: 'a stream with a missing delta',
    rule: 'I2',
    spoil: spoilStream((events) => events.toSpliced(firstDelta(events), 1)),
  },
  {
    name: 'a stream that repeats an event',
    rule: 'I2',
    spoil: spoilStream((events) => events.toSpliced(firstDelta(events), 0, events[firstDelta(events)]!)),
  },
  {
    name: 'a stream that never ends',
    rule: 'I2',
    spoil: spoilStream((events) => events.slice(0, -1)),
  },
  {
    name: 'a stream with two ends',
    rule: 'I2',
    spoil: spoilStream((events) => [...events, { ...events.at(-1)!, id: events.at(-1)!.id + 1 }]),
  },
  {
    name: 'a stream whose end is another than that of the turn',
    rule: 'I2',
    spoil: spoilStream((events) => {
      const end = events.at(-1)!;
      return [...events.slice(0, -1), { ...end, event: 'turn.cancelled', data: { ...end.data, status: 'cancelled' } }];
    }),
  },
  {
    name: 'a stream that keeps text of an attempt that failed',
    rule: 'I2',
    spoil: spoilStream((events) => {
      const place = firstDelta(events);
      const text = (events[place]!.data.delta ?? '').replaceAll(/./g, 'x');
      return events.with(place, { ...events[place]!, data: { ...events[place]!.data, delta: text } });
    }),
  },
  {
    name: 'an outcome that a client was told and that is not so',
    rule: 'I2',
    spoil: (clients) => ({
      ...clients,
      seen: clients.seen.map((one, index) =>
        index === 0 ? { ...one, status: one.status === 'failed' ? 'completed' : 'failed' } : one,
      ),
    }),
  },
];
