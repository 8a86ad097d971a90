import { Database, DecryptionError } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SealedTexts } from './sealed-texts';
import { UNREADABLE_TEXT } from './unreadable';

export interface SummaryRow {
  content: string;
  through_seq: number;
  tokens: number | null;
  model: string | null;
  created_at: Date | string;
  updated_at: Date | string;
}

/** The right to summarise a conversation for a while, and what there is to go on from. */
export interface SummaryClaim {
  /** Changes with everything that happens to the summary: whoever names an old one writes nothing. */
  revision: string;
  /** Empty: there is none yet. */
  content: string;
  throughSeq: number;
  /** Attempts that failed in a row. */
  failures: number;
  /** What is said in the conversation is encrypted. */
  isEncrypted: boolean;
}

export interface NewSummary {
  /** 1–4,000 characters. */
  content: string;
  throughSeq: number;
  tokens: number | null;
  model: string;
}

/** The assignments that make a summary forget what was said from a place on: it goes when it covers that, and nobody who is at it now can store his. */
export const FORGET = (fromUserSeq: string): string => `revision = gen_random_uuid(), not_before = now(),
         content = CASE WHEN through_seq >= ${fromUserSeq} THEN '' ELSE content END,
         encryption_key = CASE WHEN through_seq >= ${fromUserSeq} THEN NULL ELSE encryption_key END,
         tokens = CASE WHEN through_seq >= ${fromUserSeq} THEN NULL ELSE tokens END,
         model = CASE WHEN through_seq >= ${fromUserSeq} THEN NULL ELSE model END,
         through_seq = CASE WHEN through_seq >= ${fromUserSeq} THEN 0 ELSE through_seq END`;

/** What fell out of the window of a conversation, in short: at most one row each. Erasing and storing exclude each other by the row and its revision. */
@Injectable()
export class SummariesRepository {
  constructor(
    private readonly database: Database,
    private readonly texts: SealedTexts,
  ) {}

  async findOwned(userId: number, conversationId: number): Promise<SummaryRow | undefined> {
    const [row] = await this.database.query<SummaryRow & { encryption_key: string | null }>(
      `SELECT s.encryption_key, s.content, s.through_seq, s.tokens, s.model, s.created_at, s.updated_at
       FROM conversation_summaries s JOIN conversations c ON c.id = s.conversation_id
       WHERE s.conversation_id = $1 AND c.user_id = $2 AND s.content <> ''`,
      [conversationId, userId],
    );
    if (row === undefined) return undefined;
    const { encryption_key: key, ...summary } = row;
    if (key === null) return summary;
    const opened = this.texts.openedSummary(conversationId, row.content);
    return { ...summary, content: 'plain' in opened ? opened.plain : UNREADABLE_TEXT };
  }

  /** For one at a time, and not before `not_before`. The claim ends by itself after `holdMs`. Rejects with a foreign key violation when the conversation goes away, and when a key is missing. */
  async claim(conversationId: number, holdMs: number): Promise<SummaryClaim | undefined> {
    const [row] = await this.database.query<SummaryClaim & { key: string | null }>(
      `INSERT INTO conversation_summaries AS s (conversation_id, not_before)
       SELECT id, now() + $2 * interval '1 millisecond' FROM conversations WHERE id = $1
       ON CONFLICT (conversation_id) DO UPDATE SET not_before = excluded.not_before WHERE s.not_before <= now()
       RETURNING s.revision, s.content, s.encryption_key AS key, s.through_seq AS "throughSeq", s.failures,
         (SELECT is_encrypted FROM conversations WHERE id = s.conversation_id) AS "isEncrypted"`,
      [conversationId, holdMs],
    );
    if (row === undefined) return undefined;
    const { key, ...claim } = row;
    if (key === null) return claim;
    const opened = this.texts.openedSummary(conversationId, claim.content);
    if ('failure' in opened && opened.failure === 'missing-key') {
      throw new DecryptionError(
        'missing-key',
        `ENCRYPTION_KEYS lacks the key of the summary of conversation ${conversationId}.`,
      );
    }
    // Without the one before, a new one begins at the beginning.
    return 'plain' in opened ? { ...claim, content: opened.plain } : { ...claim, content: '', throughSeq: 0 };
  }

  /** False when something that it may contain was erased meanwhile, or somebody else has stored one; nothing is written then. */
  async store(
    conversationId: number,
    { revision, isEncrypted }: Pick<SummaryClaim, 'revision' | 'isEncrypted'>,
    summary: NewSummary,
  ): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE conversation_summaries SET content = $3, encryption_key = $7, through_seq = $4, tokens = $5, model = $6, failures = 0, not_before = now(),
         revision = gen_random_uuid(), updated_at = now(), created_at = CASE WHEN content = '' THEN now() ELSE created_at END
       WHERE conversation_id = $1 AND revision = $2 RETURNING 1`,
      [
        conversationId,
        revision,
        isEncrypted ? this.texts.summary(conversationId, summary.content) : summary.content,
        summary.throughSeq,
        summary.tokens,
        summary.model,
        isEncrypted ? this.texts.keyId : null,
      ],
    );
    return rows.length > 0;
  }

  /** Ends a claim without a summary. After a failure it can be claimed again when `delayMs` have passed. */
  async giveBack(conversationId: number, revision: string, failed: { delayMs: number } | null): Promise<void> {
    await this.database.query(
      `UPDATE conversation_summaries SET not_before = now() + $3 * interval '1 millisecond',
         failures = CASE WHEN $4 THEN least(failures + 1, 100) ELSE failures END
       WHERE conversation_id = $1 AND revision = $2`,
      [conversationId, revision, failed?.delayMs ?? 0, failed !== null],
    );
  }

  /**
   * To be called in every transaction that erases or replaces what was said from this place on: a summary that covers it goes, and one that is being made
   * will not be stored, since it may have read what is erased now.
   */
  async forget(conversationId: number, fromUserSeq: number): Promise<void> {
    await this.database.query(`UPDATE conversation_summaries SET ${FORGET('$2')} WHERE conversation_id = $1`, [
      conversationId,
      fromUserSeq,
    ]);
  }
}
