import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ANSWERING_VERSION, JOIN_PERSONA } from './answering-version.sql';
import { LAST_TOTAL_TOKENS } from './copy-tokens.sql';
import { SealedMessages } from './sealed-messages';
import { type Past, TurnHistoryRepository } from './turn-history.repository';
import type { BegunTurn, TakenConversation } from './turn-work';
import { UNREADABLE_TEXT } from './unreadable';

/** A turn as it is read: the id of its message when that is encrypted. */
type StoredTurn = BegunTurn & { sealedMessageId: number | null };

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
    t.is_watched AS "isWatched", c.context_from_seq > 1 AS "isAfterHandOff", t.cancel_requested_at IS NOT NULL AS "isCancelled",
    least(extract(epoch FROM now() - head.not_before) * 1000, 2147483647)::integer AS "queueMs",
    least(extract(epoch FROM now() - t.created_at) * 1000, 2147483647)::integer AS "ageMs"`;

/** How work on turns begins. Each change names the fencing token and changes nothing when the lease has gone to somebody else. */
@Injectable()
export class TurnWorkRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedMessages,
    private readonly history: TurnHistoryRepository,
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
      Promise.all([
        this.takeLease(conversationId, owner, leaseMs),
        this.history.pastOfHead(conversationId, historyTurns),
      ]),
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
      Promise.all([this.beginHead(conversationId, token), this.history.pastOfHead(conversationId, historyTurns)]),
    );
    return turn === undefined ? undefined : this.withPast(turn, past, historyTurns);
  }

  /** What was read along is this turn's past, unless a regeneration of an earlier message became the oldest open turn meanwhile. */
  private async withPast(stored: StoredTurn, read: Past, maxTurns: number): Promise<BegunTurn> {
    const turn = await this.openedTurn(stored);
    const isItsOwn = read.headSeq === null ? turn.userSeq === 1 : read.headSeq === turn.userSeq;
    const past = isItsOwn ? read : await this.history.pastBefore(turn.conversationId, turn.userSeq, maxTurns);
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
