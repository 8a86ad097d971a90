import type { StreamEntry } from '@app/contracts';
import type { ConversationRow, MessageRow } from '../persistence/rows';
import type { TurnViewRow } from '../persistence/turns.repository';

const AT = '2026-11-21T12:00:00.000Z';

/** How a turn ended, as its row tells. */
export interface EndedTurn {
  status: 'completed' | 'failed' | 'cancelled' | 'handed_off';
  /** Null: there is no reply. */
  reply: string | null;
  attempt?: number;
  /** Number of its last event; null when its worker told nobody anything. */
  lastEvent?: number | null;
}

/** A finished turn's row with its messages. */
export function endedTurn({ status, reply, attempt = 1, lastEvent = null }: EndedTurn): TurnViewRow {
  const message = (fields: Partial<MessageRow>): MessageRow => ({
    id: 1,
    conversation_id: 1,
    seq: 1,
    role: 'user',
    status: 'sent',
    content: 'hello',
    turn_id: null,
    author_id: null,
    persona_version_id: null,
    tokens_used: null,
    model_used: null,
    fallback_from: null,
    response_time_ms: null,
    error_code: null,
    usage: null,
    edit_of_id: null,
    tool_calls: null,
    citations: null,
    images: null,
    cached: false,
    confidence: null,
    created_at: AT,
    ...fields,
  });
  const conversation: ConversationRow = {
    id: 1,
    workspace_id: 1,
    user_id: 1,
    persona_id: 1,
    title: 'hello',
    is_active: true,
    owner: 'ai',
    channel: 'api',
    last_seq: 2,
    message_count: 2,
    is_encrypted: false,
    created_at: AT,
    updated_at: AT,
  };
  return {
    turn: {
      id: 1,
      workspace_id: 1,
      conversation_id: 1,
      user_id: 1,
      user_message_id: 1,
      user_seq: 1,
      status,
      attempt,
      lost_attempts: 0,
      not_before: AT,
      correlation_id: null,
      error_code: status === 'failed' ? 'UPSTREAM.SERVER_ERROR' : null,
      is_current: true,
      is_watched: true,
      merged_into_id: null,
      escalation_reason: null,
      cancel_requested_at: null,
      last_event: lastEvent,
      created_at: AT,
      finished_at: AT,
    },
    conversation,
    user_message: message({}),
    assistant_message:
      reply === null
        ? null
        : message({
            id: 2,
            seq: 2,
            role: 'assistant',
            status: status === 'failed' || status === 'handed_off' ? 'fallback' : status,
            content: reply,
            turn_id: 1,
          }),
    hand_off_notice: null,
  };
}

/** Entries with the attempt that told them. */
export interface ToldEntry {
  attempt: number;
  entry: StreamEntry;
}

/**
 * What a worker tells of a turn whose attempts wrote these pieces: the last one becomes the reply.
 * @param jumps how many numbers each further attempt leaves out, as it does when the worker before it died
 */
export function toldOf(attempts: readonly (readonly string[])[], jumps: readonly number[] = []): ToldEntry[] {
  let n = 0;
  return attempts.flatMap((pieces, index) => {
    const attempt = index + 1;
    let offset = 0;
    n += jumps[index] ?? 0;
    const first: StreamEntry = { n: (n += 1), kind: index === 0 ? 'started' : 'reset' };
    const deltas = pieces.map((delta): StreamEntry => {
      const entry: StreamEntry = { n: (n += 1), kind: 'delta', offset, delta };
      offset += delta.length;
      return entry;
    });
    return [first, ...deltas].map((entry) => ({ attempt, entry }));
  });
}
