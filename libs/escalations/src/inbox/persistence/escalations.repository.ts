import type { EscalationStatus } from '@app/contracts';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Escalation, HistoryEntry, StoredTrigger } from '../escalation';
import { SealedEscalations } from './sealed-escalations';

export interface InboxFilter {
  workspaceId: number;
  status?: EscalationStatus;
  /** 0: nobody's. */
  assignedTo?: number;
  skill?: string;
  tag?: string;
  reason?: string;
  isOverdue?: boolean;
  conversationId?: number;
  limit: number;
}

type Stored = Escalation & { key: string | null };

const COLUMNS = `e.id, e.workspace_id AS "workspaceId", e.conversation_id AS "conversationId", c.user_id AS "customerId", e.persona_id AS "personaId",
  c.channel, c.owner, c.is_encrypted AS "isEncrypted", e.status, e.reason, e.skill, e.priority, e.tags, e.assigned_to AS "assignedTo",
  e.since_seq AS "sinceSeq", e.claimed_seq AS "claimedSeq", e.ended_seq AS "endedSeq", c.last_seq AS "lastSeq", e.summary, e.suggested_reply AS "suggestedReply",
  e.draft_through_seq AS "draftThroughSeq", e.draft_revision AS "draftRevision", e.encryption_key AS key, e.due_at AS "dueAt", e.overdue_at AS "overdueAt", e.created_at AS "createdAt",
  e.claimed_at AS "claimedAt", e.first_reply_at AS "firstReplyAt", e.ended_at AS "endedAt", e.csat_rating AS "csatRating",
  e.csat_comment AS "csatComment", e.csat_asked_at AS "csatAskedAt", e.csat_answered_at AS "csatAnsweredAt"`;
const FROM = `FROM escalations e JOIN conversations c ON c.id = e.conversation_id`;

/** What a filter asks for, beside what is to be nobody's or overdue. */
const CONDITIONS = {
  status: (place: string) => `e.status = ${place}`,
  skill: (place: string) => `e.skill = ${place}`,
  tag: (place: string) => `e.tags @> ARRAY[${place}::text]`,
  reason: (place: string) => `e.reason = ${place}`,
  conversationId: (place: string) => `e.conversation_id = ${place}`,
};
/** Sorted by what no other index has, the newest come first: going back through the primary key would read other workspaces' rows. */
const NEWEST_FIRST = '-e.id';
const MOST_URGENT_FIRST = '-e.priority, e.id';

const MAX_TRIGGERS = 200;
const MAX_HISTORY = 500;

/** Conditions of a statement, with their values. Only what is asked for becomes part of it, so that PostgreSQL knows beforehand how few rows it leaves. */
class Conditions {
  readonly params: unknown[] = [];
  readonly parts: string[] = [];

  constructor({ workspaceId, assignedTo, isOverdue, ...filter }: InboxFilter) {
    this.add((place) => `e.workspace_id = ${place}`, workspaceId);
    for (const key of Object.keys(CONDITIONS) as (keyof typeof CONDITIONS)[]) {
      if (filter[key] !== undefined) this.add(CONDITIONS[key], filter[key]);
    }
    if (assignedTo === 0) this.parts.push('e.assigned_to IS NULL');
    else if (assignedTo !== undefined) this.add((place) => `e.assigned_to = ${place}`, assignedTo);
    if (isOverdue !== undefined) this.parts.push(`e.overdue_at IS ${isOverdue ? 'NOT NULL' : 'NULL'}`);
  }

  add(condition: (place: string) => string, value: unknown): void {
    this.parts.push(condition(this.bind(value)));
  }

  bind(value: unknown): string {
    return `$${this.params.push(value)}`;
  }
}

/** Reads the inbox. Callers have made sure that it may be seen. */
@Injectable()
export class EscalationsRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedEscalations,
  ) {}

  async find(id: number): Promise<Escalation | undefined> {
    const [row] = await this.database.query<Stored>(`SELECT ${COLUMNS} ${FROM} WHERE e.id = $1`, [id]);
    return row && this.opened(row);
  }

  /** The one that is open or claimed. */
  async findActive(conversationId: number): Promise<Escalation | undefined> {
    const [row] = await this.database.query<Stored>(
      `SELECT ${COLUMNS} ${FROM} WHERE e.conversation_id = $1 AND e.status IN ('open', 'claimed')`,
      [conversationId],
    );
    return row && this.opened(row);
  }

  /** Whether the person has said nothing since it ended, and nobody of the team was asked again. */
  async isLastWord(id: number): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM escalations e WHERE e.id = $1 AND e.ended_seq IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = e.conversation_id AND m.seq > e.ended_seq AND m.role = 'user')
         AND NOT EXISTS (SELECT 1 FROM escalations n WHERE n.conversation_id = e.conversation_id AND n.status IN ('open', 'claimed'))`,
      [id],
    );
    return rows.length > 0;
  }

  /** The last one in which the person was asked how it was. */
  async findRateable(conversationId: number): Promise<Escalation | undefined> {
    const [row] = await this.database.query<Stored>(
      `SELECT ${COLUMNS} ${FROM} WHERE e.conversation_id = $1 AND e.csat_asked_at IS NOT NULL ORDER BY e.id DESC LIMIT 1`,
      [conversationId],
    );
    return row && this.opened(row);
  }

  /** Newest first, from the one before `beforeId` on; one more than `limit` if there is more. */
  newest(filter: InboxFilter, beforeId: number | undefined): Promise<Escalation[]> {
    const where = new Conditions(filter);
    if (beforeId !== undefined) where.add((place) => `${NEWEST_FIRST} > -${place}::bigint`, beforeId);
    return this.page(where, NEWEST_FIRST, filter.limit);
  }

  /** In the order in which they are to be taken: by priority, then the oldest. */
  queue(filter: InboxFilter, after: { priority: number; id: number } | undefined): Promise<Escalation[]> {
    const where = new Conditions(filter);
    where.parts.push(`e.status = 'open'`);
    if (after !== undefined) {
      const priority = where.bind(after.priority);
      where.parts.push(`(${MOST_URGENT_FIRST}) > (-${priority}::smallint, ${where.bind(after.id)}::bigint)`);
    }
    return this.page(where, MOST_URGENT_FIRST, filter.limit);
  }

  private async page(where: Conditions, order: string, limit: number): Promise<Escalation[]> {
    const rows = await this.database.query<Stored>(
      // First which ones: conversations are looked up for these alone.
      `WITH page AS MATERIALIZED (SELECT e.id FROM escalations e WHERE ${where.parts.join(' AND ')} ORDER BY ${order} LIMIT ${where.bind(limit + 1)})
       SELECT ${COLUMNS} ${FROM} JOIN page ON page.id = e.id ORDER BY ${order}`,
      where.params,
    );
    return rows.map((row) => this.opened(row));
  }

  /** Oldest first, at most 200. */
  async triggersOf(id: number): Promise<StoredTrigger[]> {
    const rows = await this.database.query<StoredTrigger & { key: string | null }>(
      `SELECT id, kind, turn_id AS "turnId", message_seq AS "messageSeq", evidence, encryption_key AS key, created_at AS "createdAt"
       FROM escalation_triggers WHERE escalation_id = $1 ORDER BY id LIMIT ${MAX_TRIGGERS}`,
      [id],
    );
    return rows.map(({ key, ...row }) => ({
      ...row,
      evidence: this.sealed.open('escalation_triggers', row.id, 'evidence', row.evidence, key) ?? '',
    }));
  }

  /** Oldest first, the newest 500. */
  async historyOf(id: number): Promise<HistoryEntry[]> {
    const rows = await this.database.query<HistoryEntry & { key: string | null }>(
      `SELECT id, kind, actor_id AS "actorId", target_id AS "targetId", note, encryption_key AS key, created_at AS "createdAt"
       FROM escalation_events WHERE escalation_id = $1 ORDER BY id DESC LIMIT ${MAX_HISTORY}`,
      [id],
    );
    return rows.reverse().map(({ key, ...row }) => ({
      ...row,
      note: this.sealed.open('escalation_events', row.id, 'note', row.note, key),
    }));
  }

  private opened({ key, ...row }: Stored): Escalation {
    const open = (column: 'summary' | 'suggested_reply' | 'csat_comment', text: string | null): string | null =>
      this.sealed.open('escalations', row.id, column, text, key);
    return {
      ...row,
      summary: open('summary', row.summary),
      suggestedReply: open('suggested_reply', row.suggestedReply),
      csatComment: open('csat_comment', row.csatComment),
    };
  }
}
