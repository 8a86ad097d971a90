import type { LoggedRequest } from '../../support/fake-openai';
import type { LoadReport } from '../support/load-report';

export interface MessageRow {
  id: number;
  conversation_id: number;
  seq: number;
  role: 'user' | 'assistant';
  status: string;
  content: string;
  turn_id: number | null;
  tokens_used: number | null;
  /** Of an edit: the first message of its family. */
  edit_of_id: number | null;
  deleted_ms: number | null;
  is_usage_estimated: boolean | null;
}

export interface TurnRow {
  id: number;
  conversation_id: number;
  user_message_id: number;
  user_seq: number;
  status: string;
  attempt: number;
  lost_attempts: number;
  correlation_id: string;
  error_code: string | null;
  idempotency_key: string | null;
  is_current: boolean;
  is_cancel_requested: boolean;
  created_ms: number;
  finished_ms: number | null;
}

export interface CallRow {
  id: number;
  turn_id: number;
  conversation_id: number;
  user_id: number;
  purpose: 'reply' | 'summary';
  attempt: number;
  status: 'started' | 'succeeded' | 'failed' | 'cancelled' | 'lost' | 'cached';
  upstream_id: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  total_tokens: number | null;
  is_usage_estimated: boolean;
  first_token_ms: number | null;
  http_status: number | null;
  error_code: string | null;
  started_ms: number;
  ended_ms: number | null;
}

export interface ConversationRow {
  id: number;
  user_id: number;
  last_seq: number;
  message_count: number;
}

/** What a request for a summary after this turn carries as its id. */
export const summaryRequestId = (turnId: number): string => `summary-${turnId}`;

/** Everything that can be known about a run afterwards: what the clients saw, what the database holds, what the upstream received. Times are epoch milliseconds. */
export interface Evidence {
  conversations: ConversationRow[];
  messages: MessageRow[];
  turns: TurnRow[];
  calls: CallRow[];
  requests: LoggedRequest[];
  /** What the clients did and were told. */
  clients: Pick<LoadReport, 'sent' | 'seen' | 'transcripts' | 'cancelAsked'>;
  /** When worker processes were killed. */
  deaths: number[];
}

/** Its words are gone. */
export const isDeleted = (message: MessageRow | undefined): boolean => typeof message?.deleted_ms === 'number';

/** What is needed of a connection; a transaction that will be rolled back does as well. */
export interface Queryable {
  query(sql: string): Promise<{ rows: { list: unknown }[] }>;
}

/** Reads the database. All rows of one table come as one JSON value: then `bigint` is a number, whatever the driver's settings. */
export async function readDatabase(sql: Queryable): Promise<Omit<Evidence, 'requests' | 'clients' | 'deaths'>> {
  const list = async <T>(query: string): Promise<T[]> => {
    const { rows } = await sql.query(`SELECT coalesce(json_agg(r), '[]') AS list FROM (${query}) r`);
    return rows[0]!.list as T[];
  };
  return {
    conversations: await list('SELECT id, user_id, last_seq, message_count FROM conversations ORDER BY id'),
    messages: await list(
      `SELECT id, conversation_id, seq, role, status, content, turn_id, tokens_used, edit_of_id,
         extract(epoch FROM deleted_at) * 1000 AS deleted_ms, (usage->>'is_estimated')::boolean AS is_usage_estimated FROM messages
       ORDER BY conversation_id, seq, id`,
    ),
    turns: await list(
      `SELECT id, conversation_id, user_message_id, user_seq, status, attempt, lost_attempts, correlation_id, error_code,
         idempotency_key, is_current, cancel_requested_at IS NOT NULL AS is_cancel_requested, extract(epoch FROM created_at) * 1000 AS created_ms,
         extract(epoch FROM finished_at) * 1000 AS finished_ms FROM turns ORDER BY conversation_id, user_seq, id`,
    ),
    calls: await list(
      `SELECT id, turn_id, conversation_id, user_id, purpose, attempt, status, upstream_id, input_tokens, output_tokens, total_tokens,
         is_usage_estimated, first_token_ms, http_status, error_code, extract(epoch FROM started_at) * 1000 AS started_ms,
         extract(epoch FROM ended_at) * 1000 AS ended_ms FROM model_calls ORDER BY turn_id, attempt, id`,
    ),
  };
}

/** The part of the evidence that is about these conversations. Requests that belong to no turn at all stay in: they are what the checker looks for. */
export function onlyOf(evidence: Evidence, conversationIds: ReadonlySet<number>): Evidence {
  const isOurs = (row: { conversation_id: number }): boolean => conversationIds.has(row.conversation_id);
  const foreign = new Set(
    evidence.turns.filter((turn) => !isOurs(turn)).flatMap((turn) => [turn.correlation_id, summaryRequestId(turn.id)]),
  );
  return {
    conversations: evidence.conversations.filter(({ id }) => conversationIds.has(id)),
    messages: evidence.messages.filter(isOurs),
    turns: evidence.turns.filter(isOurs),
    calls: evidence.calls.filter(isOurs),
    requests: evidence.requests.filter((request) => !foreign.has(request.headers['x-client-request-id'] ?? '')),
    clients: evidence.clients,
    deaths: evidence.deaths,
  };
}
