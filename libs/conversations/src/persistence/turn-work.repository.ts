import type { ConversationState } from '@app/contracts';
import { Database, DecryptionError, type DecryptionFailure } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ANSWERING_VERSION, JOIN_PERSONA } from './answering-version.sql';
import { LAST_TOTAL_TOKENS } from './copy-tokens.sql';
import type { MessageStatus, MessageUsage } from './message.entity';
import type { StoredCitation, StoredImage, StoredToolCall } from './message-extras';
import { SealedMessages } from './sealed-messages';
import { SealedTexts } from './sealed-texts';
import { FORGET } from './summaries.repository';
import { UNREADABLE_TEXT } from './unreadable';

/** A turn that this worker has begun an attempt of. */
export interface BegunTurn {
  turnId: number;
  workspaceId: number;
  conversationId: number;
  userId: number;
  personaId: number;
  /** The version that counts now, or the one that the conversation has in a comparison; null when the persona is deleted. */
  personaVersion: number | null;
  /** The comparison of two versions that this answer is part of; null for none. */
  experimentId: number | null;
  userSeq: number;
  /** 1 for the first. */
  attempt: number;
  /** Attempts whose worker died. */
  lostAttempts: number;
  /** Attempts that were stopped from our side, by an orderly shutdown. */
  returnedAttempts: number;
  /** Attempts that the models before the current one have used up. */
  spentAttempts: number;
  /** Which of the persona's models is tried: 0 is its own, then its fallback models. */
  modelIndex: number;
  /** For how long it has been held back in total without a call, in milliseconds. */
  heldMs: number;
  /** True when the attempt before this one has no outcome: its worker died. */
  isTakeover: boolean;
  correlationId: string | null;
  /** The request that brought the message, in a trace; null while tracing is off. */
  traceParent: string | null;
  /** The door that the conversation came through, such as `api`. */
  channel: string;
  content: string;
  /** What is said in the conversation is encrypted. */
  isEncrypted: boolean;
  /** For an encrypted reply: the id that it will have. */
  replyId: number | null;
  /** The user's message could not be decrypted; `content` is not what was written. */
  isUnreadable: boolean;
  /** Something of it or of its past is encrypted with a key that this process does not have. */
  lacksKey: boolean;
  /** The conversation of OpenAI's that stands for this one; null for none. */
  openaiConversationId: string | null;
  /** The workspace's default; null for the instance's. */
  workspaceConversationState: ConversationState | null;
  images: StoredImage[] | null;
  /** Room in budgets is held for it. */
  hasReservation: boolean;
  /** Tokens of the last call, when the upstream keeps the context and its size here says nothing; else null. */
  lastTotalTokens: number | null;
  /** Somebody reads along. */
  isWatched: boolean;
  /** Another reply to a message that has one. */
  isAlternative: boolean;
  /** Its sender does not want an answer any more. */
  isCancelled: boolean;
  /** What was said before, oldest first. */
  history: HistoryTurn[];
  /** Of what came before the history; null when there is none. */
  summary: TurnSummary | null;
  /** From the moment the turn could run to now, in milliseconds. */
  queueMs: number;
  /** From the moment the message was accepted to now, in milliseconds. */
  ageMs: number;
}

/**
 * How an attempt ends its turn. A turn that its sender has cancelled meanwhile is cancelled whatever the outcome says; then a fallback, or
 * an empty text, makes no message.
 */
export interface Outcome {
  status: 'completed' | 'failed' | 'cancelled';
  errorCode: string | null;
  /** Number of the turn's last event, when somebody reads along. */
  lastEvent: number | null;
  message: {
    status: MessageStatus;
    content: string;
    personaVersionId: number | null;
    tokensUsed: number | null;
    modelUsed: string | null;
    /** The model that was asked for first, when another one answered. */
    fallbackFrom?: string | null;
    responseTimeMs: number;
    usage: MessageUsage | null;
    toolCalls?: StoredToolCall[];
    citations?: StoredCitation[];
    /** The model was not asked: it is an answer from before. */
    isCached?: boolean;
  };
}

/** Which model the next attempt of a turn uses, and how many attempts the models before it have had. */
export interface ModelChoice {
  modelIndex: number;
  spentAttempts: number;
}

/** `isReleased`: nothing else was open, so the lease has ended with the turn. */
export type FinishResult = { status: Outcome['status']; isReleased: boolean } | 'not-ours';

export interface HistoryTurn {
  turnId: number;
  /** Place of its user message in the conversation. */
  userSeq: number;
  user: string | null;
  /** Pictures of the user's message. */
  images?: StoredImage[] | null;
  reply: string | null;
}

/** What was said before the history, in short. */
export interface TurnSummary {
  content: string;
  /** Place of the last user message that it covers. */
  throughSeq: number;
}

/** What a prompt knows of the past. */
interface Past {
  /** Of the message that it leads to; null when nothing came before, or nothing is open. */
  headSeq: number | null;
  history: HistoryTurn[];
  summary: TurnSummary | null;
  lacksKey: boolean;
}

/** A turn as it is read: ids of messages that are encrypted, null for others. */
type StoredHistoryTurn = HistoryTurn & { sealedUserId: number | null; sealedReplyId: number | null };
type StoredTurn = BegunTurn & { sealedMessageId: number | null };

/** Whose conversation a summary is made of. */
export interface SummarySubject {
  workspaceId: number;
  userId: number;
  personaId: number;
  /** The door that the conversation came through. */
  channel: string;
  /** Null when the persona is deleted. */
  personaVersion: number | null;
  experimentId: number | null;
}

/** A lease, and with it the turn that was begun. */
export interface TakenConversation {
  token: number;
  turn: BegunTurn | undefined;
}

const OLDEST_OPEN_TURN = `head AS (
  SELECT id, lost_attempts, not_before FROM turns
  WHERE conversation_id = $1 AND finished_at IS NULL ORDER BY user_seq, id LIMIT 1
)`;

/**
 * In a select list: this commit does not wait for the disk. A turn that was begun and forgotten in a crash of PostgreSQL is begun again; and
 * before anything is sent to the model, the commit of its ledger row waits for the disk, and what was committed before it gets there first.
 */
const WITHOUT_WAITING_FOR_THE_DISK = `set_config('synchronous_commit', 'off', true)`;

/** Microseconds by the database's clock: a crash of PostgreSQL may forget that a token was given out, and it must not be given out again. */
const FRESH_TOKEN = `(extract(epoch FROM clock_timestamp()) * 1000000)::bigint`;

/**
 * Needs the CTEs `head` and `lease`. `head` may be older than the row that is updated, when the statement had to wait for the lease; so what
 * decides is read from the row itself.
 */
const BEGIN_ATTEMPT = `UPDATE turns t SET status = 'running', attempt = t.attempt + 1,
    lost_attempts = t.lost_attempts + CASE WHEN t.status = 'running' THEN 1 ELSE 0 END, experiment_id = e.id
  FROM head, lease, messages m, conversations c JOIN workspaces w ON w.id = c.workspace_id
    ${JOIN_PERSONA}
  WHERE t.id = head.id AND t.finished_at IS NULL AND t.not_before <= now() AND c.id = t.conversation_id AND m.id = t.user_message_id
  RETURNING t.id AS "turnId", t.workspace_id AS "workspaceId", t.conversation_id AS "conversationId", c.user_id AS "userId",
    c.persona_id AS "personaId", ${ANSWERING_VERSION}, t.user_seq AS "userSeq", t.attempt, t.lost_attempts AS "lostAttempts",
    t.returned_attempts AS "returnedAttempts", t.spent_attempts AS "spentAttempts", t.model_index AS "modelIndex", t.held_ms AS "heldMs",
    t.lost_attempts > head.lost_attempts AS "isTakeover", t.correlation_id AS "correlationId", t.trace_parent AS "traceParent", c.channel, m.content, m.images, c.is_encrypted AS "isEncrypted",
    CASE WHEN m.encryption_key IS NOT NULL THEN m.id END AS "sealedMessageId",
    c.openai_conversation_id AS "openaiConversationId", w.conversation_state AS "workspaceConversationState",
    EXISTS (SELECT 1 FROM budget_reservations r WHERE r.turn_id = t.id) AS "hasReservation", ${LAST_TOTAL_TOKENS}, NOT t.is_current AS "isAlternative",
    t.is_watched AS "isWatched", t.cancel_requested_at IS NOT NULL AS "isCancelled",
    least(extract(epoch FROM now() - head.not_before) * 1000, 2147483647)::integer AS "queueMs",
    least(extract(epoch FROM now() - t.created_at) * 1000, 2147483647)::integer AS "ageMs"`;

/** A turn that was cancelled meanwhile does not wait for its pause to be told so. */
const AFTER_PAUSE = `now() + CASE WHEN cancel_requested_at IS NULL THEN $4 ELSE 0 END * interval '1 millisecond'`;

const HISTORY_COLUMNS = `t.id AS "turnId", t.user_seq AS "userSeq", CASE WHEN u.deleted_at IS NULL THEN u.content END AS "user", a.content AS reply,
    CASE WHEN t.error_code IS DISTINCT FROM 'UPSTREAM.IMAGE_REFUSED' THEN u.images END AS images,
    CASE WHEN u.encryption_key IS NOT NULL THEN u.id END AS "sealedUserId", CASE WHEN a.encryption_key IS NOT NULL THEN a.id END AS "sealedReplyId"`;

/**
 * What counts as history of a conversation ($1). The text of a fallback is not the model's, so it is not history; nor is a message that was given up because
 * its workers died of it: in a later prompt it would kill again, and with it the whole conversation. Nor are pictures that the upstream could not read.
 */
const HISTORY = `turns t JOIN messages u ON u.id = t.user_message_id
       LEFT JOIN messages a ON a.turn_id = t.id AND a.role = 'assistant' AND a.status <> 'fallback' AND a.deleted_at IS NULL
       WHERE t.conversation_id = $1 AND t.is_current
         AND (a.id IS NOT NULL OR (t.status <> 'cancelled' AND t.error_code IS DISTINCT FROM 'TURN.WORKER_LOST'))`;

/** The working side of turns. Each change names the fencing token and changes nothing when the lease has gone to somebody else. */
@Injectable()
export class TurnWorkRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedMessages,
    private readonly texts: SealedTexts,
  ) {}

  /**
   * Takes the lease of a conversation and begins the next attempt of its oldest open turn: one statement, one commit. Undefined when no turn
   * may run now or somebody else holds a living lease; nothing is written then. Without a turn, the one that was open when the statement
   * began has ended meanwhile; the lease is ours all the same. Rejects with a foreign key violation when the conversation goes away.
   */
  async take(
    conversationId: number,
    owner: string,
    leaseMs: number,
    historyTurns: number,
  ): Promise<TakenConversation | undefined> {
    const [[row], past] = await this.database.inOneRoundTrip(() =>
      Promise.all([this.takeLease(conversationId, owner, leaseMs), this.pastOfHead(conversationId, historyTurns)]),
    );
    if (row === undefined) return undefined;
    const { token, ...turn } = row;
    if (typeof turn.turnId !== 'number') return { token, turn: undefined };
    return { token, turn: await this.withPast(turn as StoredTurn, past, historyTurns) };
  }

  private takeLease(
    conversationId: number,
    owner: string,
    leaseMs: number,
  ): Promise<(Partial<StoredTurn> & { token: number })[]> {
    return this.database.query(
      `WITH ${OLDEST_OPEN_TURN}, lease AS (
         INSERT INTO conversation_leases AS l (conversation_id, owner, token, expires_at)
         SELECT $1, $2, ${FRESH_TOKEN}, now() + $3 * interval '1 millisecond' FROM head WHERE not_before <= now()
         ON CONFLICT (conversation_id) DO UPDATE
           SET owner = excluded.owner, token = greatest(l.token + 1, excluded.token), expires_at = excluded.expires_at
           WHERE l.expires_at < now()
         RETURNING token
       ), begun AS (${BEGIN_ATTEMPT})
       SELECT lease.token, begun.*, ${WITHOUT_WAITING_FOR_THE_DISK} FROM lease LEFT JOIN begun ON true`,
      [conversationId, owner, leaseMs],
    );
  }

  /** Begins the next attempt of the oldest open turn, if it may run now, under a lease that we hold. Later turns wait for it. */
  async beginNext(conversationId: number, token: number, historyTurns: number): Promise<BegunTurn | undefined> {
    const [[turn], past] = await this.database.inOneRoundTrip(() =>
      Promise.all([this.beginHead(conversationId, token), this.pastOfHead(conversationId, historyTurns)]),
    );
    return turn === undefined ? undefined : this.withPast(turn, past, historyTurns);
  }

  /** What was read along is this turn's past, unless a regeneration of an earlier message became the oldest open turn meanwhile. */
  private async withPast(stored: StoredTurn, read: Past, maxTurns: number): Promise<BegunTurn> {
    const turn = await this.openedTurn(stored);
    const isItsOwn = read.headSeq === null ? turn.userSeq === 1 : read.headSeq === turn.userSeq;
    const past = isItsOwn ? read : await this.pastBefore(turn.conversationId, turn.userSeq, maxTurns);
    const { history, summary } = past;
    return { ...turn, history, summary, lacksKey: turn.lacksKey || past.lacksKey };
  }

  /** What was said in the clear, and the id that the reply will have, which its ciphertext is bound to. */
  private async openedTurn({ sealedMessageId: id, ...turn }: StoredTurn): Promise<BegunTurn> {
    const replyId = turn.isEncrypted ? await this.sealed.newId() : null;
    if (id === null) return { ...turn, replyId, isUnreadable: false, lacksKey: false };
    const content = this.sealed.content(id, turn.content);
    const images = this.sealed.images(id, turn.images);
    return 'plain' in content
      ? { ...turn, replyId, content: content.plain, images, isUnreadable: false, lacksKey: false }
      : {
          ...turn,
          replyId,
          content: UNREADABLE_TEXT,
          images,
          isUnreadable: true,
          lacksKey: content.failure === 'missing-key',
        };
  }

  /** What cannot be read is left out, like what was deleted. */
  private openedHistory(
    { turnId, userSeq, user, reply, images, sealedUserId, sealedReplyId }: StoredHistoryTurn,
    failures: Set<DecryptionFailure>,
  ): HistoryTurn {
    const opened = (id: number | null, text: string | null): string | null => {
      if (id === null || text === null) return text;
      const content = this.sealed.content(id, text);
      if ('plain' in content) return content.plain;
      failures.add(content.failure);
      return null;
    };
    return {
      turnId,
      userSeq,
      user: opened(sealedUserId, user),
      reply: opened(sealedReplyId, reply),
      images: sealedUserId === null ? images : this.sealed.images(sealedUserId, images),
    };
  }

  private openedForGood(conversationId: number, rows: readonly StoredHistoryTurn[]): HistoryTurn[] {
    const failures = new Set<DecryptionFailure>();
    const turns = rows.map((row) => this.openedHistory(row, failures));
    if (failures.has('missing-key')) {
      throw new DecryptionError('missing-key', `ENCRYPTION_KEYS lacks a key of conversation ${conversationId}.`);
    }
    return turns;
  }

  private openedSummary(
    { summary, userSeq, sealedUserId: conversationId }: StoredHistoryTurn & { summary: string | null },
    failures: Set<DecryptionFailure>,
  ): TurnSummary | null {
    if (conversationId === null) return { content: summary!, throughSeq: userSeq };
    const opened = this.texts.openedSummary(conversationId, summary!);
    if ('plain' in opened) return { content: opened.plain, throughSeq: userSeq };
    failures.add(opened.failure);
    return null;
  }

  private beginHead(conversationId: number, token: number): Promise<StoredTurn[]> {
    return this.database.query<StoredTurn>(
      `WITH lease AS (
         SELECT 1 FROM conversation_leases WHERE conversation_id = $1 AND token = $2 AND expires_at > '-infinity' FOR UPDATE
       ), ${OLDEST_OPEN_TURN}
       ${BEGIN_ATTEMPT}`,
      [conversationId, token],
    );
  }

  /** Milliseconds until the oldest open turn may run; 0 for now, null when there is none. */
  async msUntilNext(conversationId: number): Promise<number | null> {
    const [row] = await this.database.query<{ ms: number }>(
      `SELECT least(greatest(0, ceil(extract(epoch FROM not_before - now()) * 1000)), 2147483647)::integer AS ms FROM turns
       WHERE conversation_id = $1 AND finished_at IS NULL ORDER BY user_seq, id LIMIT 1`,
      [conversationId],
    );
    return row?.ms ?? null;
  }

  /**
   * The turns before the oldest open one (all of them when none is open), oldest first, and the summary of what came before them. At least the
   * last turn, whose id tells where the history ends. It is one query of its own and not part of beginning
   * the turn, which may have waited for a reply, or for an erasure, that only a later snapshot shows.
   */
  private async pastOfHead(conversationId: number, maxTurns: number): Promise<Past> {
    return this.pastBefore(conversationId, null, maxTurns);
  }

  /** @param userSeq of the message that the past leads to; null for that of the oldest open turn */
  private async pastBefore(conversationId: number, userSeq: number | null, maxTurns: number): Promise<Past> {
    const rows = await this.database.query<StoredHistoryTurn & { summary: string | null; headSeq: number | null }>(
      `WITH head AS (
         SELECT coalesce($3::integer, (SELECT min(user_seq) FROM turns WHERE conversation_id = $1 AND finished_at IS NULL)) AS seq
       )
       (SELECT ${HISTORY_COLUMNS}, NULL AS summary, (SELECT seq FROM head) AS "headSeq" FROM ${HISTORY}
         AND t.user_seq < coalesce((SELECT seq FROM head), 2147483647)
       ORDER BY t.user_seq DESC, t.id DESC LIMIT $2)
       UNION ALL
       SELECT NULL, through_seq, NULL, NULL, NULL, CASE WHEN encryption_key IS NOT NULL THEN conversation_id END, NULL, content,
         (SELECT seq FROM head) FROM conversation_summaries
       WHERE conversation_id = $1 AND content <> '' AND through_seq < coalesce((SELECT seq FROM head), 2147483647)`,
      [conversationId, Math.max(1, maxTurns), userSeq],
    );
    const failures = new Set<DecryptionFailure>();
    const history = rows.filter((row) => row.summary === null).reverse();
    const summary = rows.find((row) => row.summary !== null);
    return {
      headSeq: rows[0]?.headSeq ?? null,
      history: history.map((row) => this.openedHistory(row, failures)),
      summary: summary === undefined ? null : this.openedSummary(summary, failures),
      lacksKey: failures.has('missing-key'),
    };
  }

  /** @param userSeq of the message that it leads to; null for that of the oldest open turn, or the end when none is open */
  async historyBefore(conversationId: number, userSeq: number | null, maxTurns: number): Promise<HistoryTurn[]> {
    return (await this.pastBefore(conversationId, userSeq, maxTurns)).history;
  }

  /** The newest finished turns, oldest first. @throws DecryptionError when a key is missing: a summary of what is left out would stay when it is back */
  async newestTurns(conversationId: number, limit: number): Promise<HistoryTurn[]> {
    const newestFirst = await this.database.query<StoredHistoryTurn>(
      `SELECT ${HISTORY_COLUMNS} FROM ${HISTORY} AND t.finished_at IS NOT NULL ORDER BY t.user_seq DESC, t.id DESC LIMIT $2`,
      [conversationId, limit],
    );
    return this.openedForGood(conversationId, newestFirst.reverse());
  }

  /** Finished turns behind one place and before another, oldest first. @throws like `newestTurns` */
  async turnsBetween(
    conversationId: number,
    afterSeq: number,
    beforeSeq: number,
    limit: number,
  ): Promise<HistoryTurn[]> {
    const rows = await this.database.query<StoredHistoryTurn>(
      `SELECT ${HISTORY_COLUMNS} FROM ${HISTORY} AND t.finished_at IS NOT NULL AND t.user_seq > $2 AND t.user_seq < $3
       ORDER BY t.user_seq, t.id LIMIT $4`,
      [conversationId, afterSeq, beforeSeq, limit],
    );
    return this.openedForGood(conversationId, rows);
  }

  async summarySubject(conversationId: number, turnId: number): Promise<SummarySubject | undefined> {
    const [row] = await this.database.query<SummarySubject>(
      `SELECT c.workspace_id AS "workspaceId", c.user_id AS "userId", c.persona_id AS "personaId", c.channel, ${ANSWERING_VERSION}
       FROM turns t JOIN conversations c ON c.id = t.conversation_id ${JOIN_PERSONA}
       WHERE t.id = $2 AND t.conversation_id = $1 AND t.finished_at IS NOT NULL`,
      [conversationId, turnId],
    );
    return row;
  }

  /**
   * The reply and the turn's end, together; and the end of the lease, unless something was written after this turn's message. An alternative
   * takes the place of its older siblings. 'not-ours' when the lease or the turn is not ours any more; nothing is written then.
   */
  async finish(turn: BegunTurn, token: number, outcome: Outcome): Promise<FinishResult> {
    const { message } = outcome;
    const stored = this.sealed.toStore(turn.replyId, message);
    const [row] = await this.database.query<{ status: Outcome['status']; isReleased: boolean }>(
      `WITH lease AS (
         SELECT 1 FROM conversation_leases WHERE conversation_id = $1 AND token = $2 FOR UPDATE
       ), finished AS (
         UPDATE turns SET status = CASE WHEN cancel_requested_at IS NULL THEN $4 ELSE 'cancelled' END,
           error_code = CASE WHEN cancel_requested_at IS NULL THEN $5::varchar END, finished_at = now(), last_event = $13,
           is_current = is_current OR ($7 <> 'fallback' AND $8 <> '')
         WHERE id = $3 AND status = 'running' AND attempt = $6 AND EXISTS (SELECT 1 FROM lease)
         RETURNING user_seq, user_message_id, status, is_current,
           CASE WHEN status = 'cancelled' AND ($7 = 'fallback' OR $8 = '') THEN 0 ELSE 1 END AS messages
       ), superseded AS (
         UPDATE turns SET is_current = false
         WHERE user_message_id = (SELECT user_message_id FROM finished WHERE is_current) AND id <> $3 AND is_current RETURNING user_seq
       ), forgotten AS (
         UPDATE conversation_summaries SET ${FORGET('(SELECT min(user_seq) FROM superseded)')}
         WHERE conversation_id = $1 AND EXISTS (SELECT 1 FROM superseded)
       ), conversation AS (
         UPDATE conversations SET last_seq = last_seq + finished.messages, message_count = message_count + finished.messages, updated_at = now()
         FROM finished WHERE id = $1
         RETURNING id, workspace_id, last_seq, has_alternatives, user_seq, messages, status
       ), released AS (
         UPDATE conversation_leases SET expires_at = '-infinity'
         WHERE conversation_id = $1 AND token = $2
           AND EXISTS (SELECT 1 FROM conversation WHERE last_seq = user_seq + messages AND NOT has_alternatives) RETURNING 1
       ), reply AS (
         INSERT INTO messages (id, workspace_id, conversation_id, seq, role, status, content, turn_id, persona_version_id, tokens_used, model_used,
           response_time_ms, error_code, usage, tool_calls, citations, fallback_from, cached, encryption_key)
         SELECT coalesce($19::bigint, nextval('messages_id_seq')), workspace_id, id, last_seq, 'assistant', CASE WHEN status = 'cancelled' THEN status ELSE $7 END, $8, $3, $9, $10, $11, $12,
           CASE WHEN status <> 'cancelled' THEN $5::varchar END, $14::jsonb,
           $15::jsonb, $16::jsonb, $17, $18, $20 FROM conversation WHERE messages > 0
       )
       SELECT status, EXISTS (SELECT 1 FROM released) AS "isReleased" FROM conversation`,
      [
        turn.conversationId,
        token,
        turn.turnId,
        outcome.status,
        outcome.errorCode,
        turn.attempt,
        message.status,
        stored.content,
        message.personaVersionId,
        message.tokensUsed,
        message.modelUsed,
        message.responseTimeMs,
        outcome.lastEvent,
        message.usage === null ? null : JSON.stringify(message.usage),
        stored.toolCalls,
        stored.citations,
        message.fallbackFrom ?? null,
        message.isCached ?? false,
        turn.replyId,
        stored.encryptionKey,
      ],
    );
    return row ?? 'not-ours';
  }

  /**
   * How this very attempt has ended the turn, undefined when it has not: the answer to a commit can get lost with the connection. Only a
   * reply tells who cancelled a turn: somebody else makes none.
   */
  async wasFinished(turn: BegunTurn): Promise<Outcome['status'] | undefined> {
    const [row] = await this.database.query<{ status: Outcome['status'] }>(
      `SELECT t.status FROM turns t JOIN messages reply ON reply.turn_id = t.id WHERE t.id = $1 AND t.attempt = $2 AND t.finished_at IS NOT NULL`,
      [turn.turnId, turn.attempt],
    );
    return row?.status;
  }

  /** Puts the turn back for another attempt after a pause. Pause and model are in the row: losing the queue, or this process, does not lose them. */
  async postpone(turn: BegunTurn, token: number, delayMs: number, model: ModelChoice = turn): Promise<boolean> {
    const rows = await this.database.query(
      `WITH lease AS (
         SELECT 1 FROM conversation_leases WHERE conversation_id = $1 AND token = $2 FOR UPDATE
       )
       UPDATE turns SET status = 'pending', not_before = ${AFTER_PAUSE}, model_index = $6, spent_attempts = $7
       WHERE id = $3 AND status = 'running' AND attempt = $5 AND EXISTS (SELECT 1 FROM lease) RETURNING id`,
      [turn.conversationId, token, turn.turnId, delayMs, turn.attempt, model.modelIndex, model.spentAttempts],
    );
    return rows.length > 0;
  }

  /** Puts the turn back because no call may be made now. Nothing was sent, so the attempt that was begun has not happened. */
  async holdBack(turn: BegunTurn, token: number, delayMs: number): Promise<boolean> {
    const rows = await this.database.query(
      `WITH lease AS (
         SELECT 1 FROM conversation_leases WHERE conversation_id = $1 AND token = $2 FOR UPDATE
       )
       UPDATE turns SET status = 'pending', attempt = attempt - 1, held_ms = least(held_ms::bigint + $4, 2147483647),
         not_before = ${AFTER_PAUSE}
       WHERE id = $3 AND status = 'running' AND attempt = $5 AND EXISTS (SELECT 1 FROM lease) RETURNING id`,
      [turn.conversationId, token, turn.turnId, delayMs, turn.attempt],
    );
    return rows.length > 0;
  }

  async putBack(turn: BegunTurn, token: number): Promise<boolean> {
    const rows = await this.database.query(
      `WITH lease AS (
         SELECT 1 FROM conversation_leases WHERE conversation_id = $1 AND token = $2 FOR UPDATE
       )
       UPDATE turns SET status = 'pending', returned_attempts = returned_attempts + 1
       WHERE id = $3 AND status = 'running' AND attempt = $4 AND EXISTS (SELECT 1 FROM lease) RETURNING id`,
      [turn.conversationId, token, turn.turnId, turn.attempt],
    );
    return rows.length > 0;
  }

  async beginExtraAttempt(turn: BegunTurn, token: number): Promise<number | null> {
    const [row] = await this.database.query<{ attempt: number }>(
      `WITH lease AS (
         SELECT 1 FROM conversation_leases WHERE conversation_id = $1 AND token = $2 FOR UPDATE
       )
       UPDATE turns SET attempt = attempt + 1, spent_attempts = spent_attempts + 1
       WHERE id = $3 AND status = 'running' AND attempt = $4 AND EXISTS (SELECT 1 FROM lease) RETURNING attempt`,
      [turn.conversationId, token, turn.turnId, turn.attempt],
    );
    return row?.attempt ?? null;
  }

  /** Conversations whose oldest open turn may run and that nobody works on: what wake-ups have missed. */
  async findForgotten(graceMs: number, limit: number): Promise<number[]> {
    const rows = await this.database.query<{ conversation_id: number }>(
      `SELECT head.conversation_id FROM (
         SELECT DISTINCT ON (conversation_id) conversation_id, not_before FROM turns
         WHERE finished_at IS NULL ORDER BY conversation_id, user_seq, id
       ) head
       LEFT JOIN conversation_leases l ON l.conversation_id = head.conversation_id
       WHERE head.not_before < now() - $1 * interval '1 millisecond' AND (l.conversation_id IS NULL OR l.expires_at < now())
       ORDER BY head.not_before LIMIT $2`,
      [graceMs, limit],
    );
    return rows.map((row) => row.conversation_id);
  }
}
