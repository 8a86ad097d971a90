import type { Finding } from '../checker';

/** Damage done to the data of a run that was in order, and the invariant that the checker must report. */
export interface Corruption {
  name: string;
  sql: string[];
  rule: Finding['rule'];
}

/** A turn in the middle of a conversation that was answered, so that it has neighbours. */
const ANSWERED = `(SELECT t.id FROM turns t WHERE t.status = 'completed' AND t.user_seq > 4
  AND EXISTS (SELECT 1 FROM turns n WHERE n.conversation_id = t.conversation_id AND n.user_seq > t.user_seq AND n.status = 'completed')
  ORDER BY t.id LIMIT 1)`;
const SUCCEEDED = `(SELECT id FROM model_calls WHERE status = 'succeeded' AND total_tokens IS NOT NULL ORDER BY id LIMIT 1)`;

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
];
