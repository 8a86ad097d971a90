import { Database, DecryptionError, type DecryptionFailure } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ANSWERING_VERSION, JOIN_PERSONA } from './answering-version.sql';
import { SealedMessages } from './sealed-messages';
import { SealedTexts } from './sealed-texts';
import type { HistoryTurn, SummarySubject, TurnSummary } from './turn-work';

/** What a prompt knows of the past. */
export interface Past {
  /** Of the message that it leads to; null when nothing came before, or nothing is open. */
  headSeq: number | null;
  history: HistoryTurn[];
  summary: TurnSummary | null;
  lacksKey: boolean;
}

/** What a person of the team has said, and where. */
export interface TeamWords {
  seq: number;
  content: string;
}

/** A turn as it is read: ids of messages that are encrypted, null for others. */
type StoredHistoryTurn = HistoryTurn & { sealedUserId: number | null; sealedReplyId: number | null };

const HISTORY_COLUMNS = `t.id AS "turnId", t.user_seq AS "userSeq", CASE WHEN u.deleted_at IS NULL THEN u.content END AS "user", a.content AS reply,
    CASE WHEN t.error_code IS DISTINCT FROM 'UPSTREAM.IMAGE_REFUSED' THEN u.images END AS images,
    CASE WHEN u.encryption_key IS NOT NULL THEN u.id END AS "sealedUserId", CASE WHEN a.encryption_key IS NOT NULL THEN a.id END AS "sealedReplyId"`;

/** Turns to read: those that the next prompt may tell of, or also those of before people had the conversation, which are settled. */
export type TurnScope = 'context' | 'whole';

/**
 * What was said in a conversation ($1) and counts. The text of a fallback is not the model's, so it is not history; nor is a message that was given up because
 * its workers died of it: in a later prompt it would kill again, and with it the whole conversation. Nor are pictures that the upstream could not read.
 */
const WHOLE = `turns t JOIN messages u ON u.id = t.user_message_id
       LEFT JOIN messages a ON a.turn_id = t.id AND a.role = 'assistant' AND a.status <> 'fallback' AND a.deleted_at IS NULL
       WHERE t.conversation_id = $1 AND t.is_current
         AND (a.id IS NOT NULL OR (t.status <> 'cancelled' AND t.error_code IS DISTINCT FROM 'TURN.WORKER_LOST'))`;
/** Of that, what models are told. */
const HISTORY = `${WHOLE} AND t.user_seq >= (SELECT context_from_seq FROM conversations WHERE id = $1)`;
const TURNS_OF: Record<TurnScope, string> = { context: HISTORY, whole: WHOLE };

/** What was said in a conversation, for prompts and summaries: as turns that count, with what is encrypted in the clear. */
@Injectable()
export class TurnHistoryRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedMessages,
    private readonly texts: SealedTexts,
  ) {}

  /**
   * The turns before the oldest open one (all of them when none is open), oldest first, and the summary of what came before them. At least the
   * last turn, whose id tells where the history ends. It is one query of its own and not part of beginning the turn, which may have waited for a reply, or for an erasure, that only a later snapshot shows.
   */
  async pastOfHead(conversationId: number, maxTurns: number): Promise<Past> {
    return this.pastBefore(conversationId, null, maxTurns);
  }

  /** @param userSeq of the message that the past leads to; null for that of the oldest open turn */
  async pastBefore(conversationId: number, userSeq: number | null, maxTurns: number): Promise<Past> {
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
  async newestTurns(conversationId: number, limit: number, scope: TurnScope = 'context'): Promise<HistoryTurn[]> {
    const newestFirst = await this.database.query<StoredHistoryTurn>(
      `SELECT ${HISTORY_COLUMNS} FROM ${TURNS_OF[scope]} AND t.finished_at IS NOT NULL ORDER BY t.user_seq DESC, t.id DESC LIMIT $2`,
      [conversationId, limit],
    );
    return this.openedForGood(conversationId, newestFirst.reverse());
  }

  /** The newest messages of people of the team, oldest first, where models may know of them. What cannot be read is left out. */
  async newestOfTeam(conversationId: number, limit: number): Promise<TeamWords[]> {
    const rows = await this.database.query<TeamWords & { id: number; isSealed: boolean }>(
      `SELECT m.id, m.seq, m.content, m.encryption_key IS NOT NULL AS "isSealed" FROM messages m JOIN conversations c ON c.id = m.conversation_id
       WHERE m.conversation_id = $1 AND m.role = 'agent' AND m.deleted_at IS NULL AND m.seq >= c.context_from_seq ORDER BY m.seq DESC LIMIT $2`,
      [conversationId, limit],
    );
    return rows.reverse().flatMap(({ id, seq, content, isSealed }) => {
      const opened = isSealed ? this.sealed.content(id, content) : { plain: content };
      return 'plain' in opened ? [{ seq, content: opened.plain }] : [];
    });
  }

  /** Finished turns behind one place and before another, oldest first. @throws like `newestTurns` */
  async turnsBetween(
    conversationId: number,
    afterSeq: number,
    beforeSeq: number,
    limit: number,
    scope: TurnScope = 'context',
  ): Promise<HistoryTurn[]> {
    const rows = await this.database.query<StoredHistoryTurn>(
      `SELECT ${HISTORY_COLUMNS} FROM ${TURNS_OF[scope]} AND t.finished_at IS NOT NULL AND t.user_seq > $2 AND t.user_seq < $3
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
}
