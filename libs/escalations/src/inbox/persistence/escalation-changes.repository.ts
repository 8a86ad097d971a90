import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Escalation, HistoryKind } from '../escalation';
import { SealedEscalations } from './sealed-escalations';
import { isOfTeam } from './team.sql';

export interface NewEscalation {
  workspaceId: number;
  conversationId: number;
  personaId: number;
  reason: string;
  skill: string | null;
  priority: number;
  sinceSeq: number;
  /** So long from now somebody is to have taken it, in milliseconds; null: no promise. */
  dueInMs: number | null;
}

export interface NewTrigger {
  kind: string;
  turnId: number | null;
  messageSeq: number | null;
  evidence: string;
}

/** Who has an escalation, or is to take it; null: nobody, it waits in the queue. */
export interface Assignment {
  escalationId: number;
  userId: number | null;
}

/** Who does something. Owners of the workspace may do it with what others have. */
export interface Actor {
  userId: number;
  isOwner: boolean;
}

/** Changes of escalations; each says whether it was possible. Whoever changes more in one transaction locks the conversation first. */
@Injectable()
export class EscalationChangesRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedEscalations,
  ) {}

  /** Undefined when the conversation is waiting for a person, or with one, already. */
  async create(fresh: NewEscalation): Promise<number | undefined> {
    const [row] = await this.database.query<{ id: number }>(
      `INSERT INTO escalations (workspace_id, conversation_id, persona_id, reason, skill, priority, since_seq, due_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, now() + $8::bigint * interval '1 millisecond')
       ON CONFLICT (conversation_id) WHERE status IN ('open', 'claimed') DO NOTHING RETURNING id`,
      [
        fresh.workspaceId,
        fresh.conversationId,
        fresh.personaId,
        fresh.reason,
        fresh.skill,
        fresh.priority,
        fresh.sinceSeq,
        fresh.dueInMs,
      ],
    );
    return row?.id;
  }

  async addTriggers(escalationId: number, triggers: readonly NewTrigger[], isEncrypted: boolean): Promise<void> {
    for (const { kind, turnId, messageSeq, evidence } of triggers) {
      const id = await this.nextId('escalation_triggers_id_seq', isEncrypted);
      const { text, key } = this.sealed.seal('escalation_triggers', id ?? 0, 'evidence', evidence, isEncrypted);
      await this.database.query(
        `INSERT INTO escalation_triggers (id, escalation_id, kind, turn_id, message_seq, evidence, encryption_key)
         VALUES (coalesce($1::bigint, nextval('escalation_triggers_id_seq')), $2, $3, $4, $5, $6, $7)`,
        [id, escalationId, kind, turnId, messageSeq, text, key],
      );
    }
  }

  /** @param note what somebody wrote; encrypted where the conversation is */
  async remember(
    { id: escalationId, isEncrypted }: Pick<Escalation, 'id' | 'isEncrypted'>,
    kind: HistoryKind,
    actorId: number | null,
    { targetId = null, note = null }: { targetId?: number | null; note?: string | null } = {},
  ): Promise<void> {
    const isSealed = isEncrypted && note !== null;
    const id = await this.nextId('escalation_events_id_seq', isSealed);
    const { text, key } = this.sealed.seal('escalation_events', id ?? 0, 'note', note, isSealed);
    await this.database.query(
      `INSERT INTO escalation_events (id, escalation_id, kind, actor_id, target_id, note, encryption_key)
       VALUES (coalesce($1::bigint, nextval('escalation_events_id_seq')), $2, $3, $4, $5, $6, $7)`,
      [id, escalationId, kind, actorId, targetId, text, key],
    );
  }

  /** What the program has done with some, with the person whom it concerns. */
  async rememberAll(kind: 'assigned' | 'overdue', assignments: readonly Assignment[]): Promise<void> {
    if (assignments.length === 0) return;
    await this.database.query(
      `INSERT INTO escalation_events (escalation_id, kind, target_id)
       SELECT escalation_id, $3::varchar, user_id FROM unnest($1::bigint[], $2::bigint[]) AS these (escalation_id, user_id)`,
      [assignments.map(({ escalationId }) => escalationId), assignments.map(({ userId }) => userId), kind],
    );
  }

  /** Takes one that waits for anybody, or for this person. */
  claim(id: number, userId: number, lastSeq: number): Promise<boolean> {
    return this.changed(
      `UPDATE escalations SET status = 'claimed', assigned_to = $2, claimed_at = coalesce(claimed_at, now()), claimed_seq = coalesce(claimed_seq, $3),
         queued_from = NULL, updated_at = now()
       WHERE id = $1 AND status = 'open' AND (assigned_to IS NULL OR assigned_to = $2) RETURNING id`,
      [id, userId, lastSeq],
    );
  }

  /** @param userId null: to nobody, so to the queue */
  assign(id: number, userId: number | null): Promise<boolean> {
    return this.changed(
      `UPDATE escalations SET assigned_to = $2, updated_at = now() WHERE id = $1 AND status = 'open' RETURNING id`,
      [id, userId],
    );
  }

  /** From the person who has it to another one, or back to the queue. The conversation stays with people. @param isOwner whoever has it */
  transfer(
    id: number,
    { userId: fromUserId, isOwner }: Actor,
    toUserId: number | null,
    skill: string | null,
  ): Promise<boolean> {
    return this.changed(
      `UPDATE escalations SET assigned_to = $3::bigint, skill = coalesce($4, skill), status = CASE WHEN $3::bigint IS NULL THEN 'open' ELSE 'claimed' END,
         queued_from = CASE WHEN $3::bigint IS NULL THEN assigned_to END, updated_at = now()
       WHERE id = $1 AND status = 'claimed' AND (assigned_to = $2 OR $5) RETURNING id`,
      [id, fromUserId, toUserId, skill, isOwner],
    );
  }

  /** Whether it was the first reply; undefined when the escalation is not this person's. */
  async reply(id: number, userId: number): Promise<{ isFirst: boolean } | undefined> {
    const [row] = await this.database.query<{ isFirst: boolean }>(
      `UPDATE escalations e SET first_reply_at = coalesce(e.first_reply_at, now()), updated_at = now()
       FROM escalations before WHERE e.id = $1 AND before.id = e.id AND e.status = 'claimed' AND e.assigned_to = $2
       RETURNING before.first_reply_at IS NULL AS "isFirst"`,
      [id, userId],
    );
    return row;
  }

  /** Somebody of the team has answered from another program. @returns the escalation in which these are a person's first words */
  async replyFromElsewhere(conversationId: number): Promise<number | undefined> {
    const [id] = await this.idsOf(
      `UPDATE escalations SET first_reply_at = now(), updated_at = now()
       WHERE conversation_id = $1 AND status IN ('open', 'claimed') AND first_reply_at IS NULL RETURNING id`,
      [conversationId],
    );
    return id;
  }

  tag(id: number, tags: readonly string[]): Promise<boolean> {
    return this.changed(`UPDATE escalations SET tags = $2::text[], updated_at = now() WHERE id = $1 RETURNING id`, [
      id,
      tags,
    ]);
  }

  /** By whoever has it, or an owner; one that nobody has, anybody of the team may end. */
  end(
    id: number,
    status: 'resolved' | 'returned',
    { userId, isOwner }: Actor,
    isRatingAsked: boolean,
  ): Promise<boolean> {
    return this.changed(
      `UPDATE escalations SET status = $2, ended_at = now(), updated_at = now(),
         ended_seq = (SELECT c.last_seq FROM conversations c WHERE c.id = conversation_id), csat_asked_at = CASE WHEN $4 THEN now() END
       WHERE id = $1 AND status IN ('open', 'claimed') AND (assigned_to = $3 OR $5 OR (status = 'open' AND assigned_to IS NULL)) RETURNING id`,
      [id, status, userId, isRatingAsked, isOwner],
    );
  }

  rate(id: number, rating: number, comment: string | null, isEncrypted: boolean): Promise<boolean> {
    const { text, key } = this.sealed.seal('escalations', id, 'csat_comment', comment, isEncrypted);
    // The row names the key of its oldest value: as long as that is no longer current, all of them are encrypted anew.
    return this.changed(
      `UPDATE escalations SET csat_rating = $2, csat_comment = $3, csat_answered_at = now(), encryption_key = coalesce(encryption_key, $4), updated_at = now()
       WHERE id = $1 AND csat_asked_at IS NOT NULL RETURNING id`,
      [id, rating, text, key],
    );
  }

  /** False when something of the conversation was erased since the escalation was read, or a newer draft is there. */
  draft(
    { id, isEncrypted, draftRevision }: Pick<Escalation, 'id' | 'isEncrypted' | 'draftRevision'>,
    summary: string,
    suggestedReply: string,
    throughSeq: number,
  ): Promise<boolean> {
    const first = this.sealed.seal('escalations', id, 'summary', summary, isEncrypted);
    const second = this.sealed.seal('escalations', id, 'suggested_reply', suggestedReply, isEncrypted);
    return this.changed(
      `UPDATE escalations SET summary = $2, suggested_reply = $3, draft_through_seq = $4, encryption_key = coalesce(encryption_key, $5), updated_at = now()
       WHERE id = $1 AND coalesce(draft_through_seq, 0) <= $4 AND draft_revision = $6 RETURNING id`,
      [id, first.text, second.text, throughSeq, first.key, draftRevision],
    );
  }

  /**
   * Those to whom nobody has said a word in time, once each: they come first from now on, and whoever had not taken them loses them.
   * @returns with whoever had them
   */
  markOverdue(limit: number): Promise<Assignment[]> {
    return this.database.query<Assignment>(
      `WITH due AS MATERIALIZED (
         SELECT id, assigned_to FROM escalations
         WHERE status IN ('open', 'claimed') AND first_reply_at IS NULL AND overdue_at IS NULL AND due_at IS NOT NULL AND due_at <= now()
         ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
       )
       UPDATE escalations e SET overdue_at = now(), priority = least(e.priority + 1, 3),
         assigned_to = CASE WHEN e.status = 'claimed' THEN e.assigned_to END, updated_at = now()
       FROM due WHERE e.id = due.id RETURNING e.id AS "escalationId", due.assigned_to AS "userId"`,
      [limit],
    );
  }

  /** What is somebody's, and what they have taken only if `isAll`, goes back to the queue; who has the conversation stays. */
  release(workspaceId: number, userId: number, isAll: boolean): Promise<number[]> {
    return this.idsOf(
      `UPDATE escalations SET assigned_to = NULL, status = 'open', updated_at = now() WHERE id IN (
         SELECT id FROM escalations WHERE assigned_to = $2 AND status IN ('open', 'claimed') AND workspace_id = $1 AND (status = 'open' OR $3::boolean)
         ORDER BY id FOR UPDATE
       ) RETURNING id`,
      [workspaceId, userId, isAll],
    );
  }

  /** Back to the queue with what people have, or are to take, who are not of the team any more: nobody else could answer there, and no model does. */
  freeLeft(limit: number): Promise<number[]> {
    return this.idsOf(
      `WITH gone AS MATERIALIZED (
         SELECT e.id FROM escalations e
         WHERE e.status IN ('open', 'claimed') AND (e.assigned_to IS NOT NULL OR e.status = 'claimed')
           AND NOT ${isOfTeam('e.workspace_id', 'e.assigned_to')}
         LIMIT $1 FOR UPDATE OF e SKIP LOCKED
       )
       UPDATE escalations e SET status = 'open', assigned_to = NULL, updated_at = now() FROM gone WHERE e.id = gone.id RETURNING e.id`,
      [limit],
    );
  }

  private async idsOf(sql: string, params: readonly unknown[]): Promise<number[]> {
    return (await this.database.query<{ id: number }>(sql, params)).map(({ id }) => id);
  }

  private async changed(sql: string, params: readonly unknown[]): Promise<boolean> {
    return (await this.database.query(sql, params)).length > 0;
  }

  /** What is encrypted is bound to its id, which has to be known first then. */
  private async nextId(sequence: 'escalation_triggers_id_seq' | 'escalation_events_id_seq', isNeeded: boolean) {
    if (!isNeeded) return null;
    const [row] = await this.database.query<{ id: number }>(`SELECT nextval($1::text::regclass) AS id`, [sequence]);
    return row!.id;
  }
}
