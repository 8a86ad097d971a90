import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** A conversation that is, or may be, handed over. */
export interface SubjectConversation {
  id: number;
  workspaceId: number;
  userId: number;
  personaId: number;
  channel: string;
  isEncrypted: boolean;
  lastSeq: number;
}

/** What a decision about a turn has to know of its conversation. */
export interface TurnPast {
  /** It waits for people, or is with them. */
  activeId: number | null;
  wasEscalated: boolean;
  /** People have dealt with what was said before this place. */
  contextFromSeq: number;
  /** Of the replies before, the latest first; null where the model did not say. */
  earlierConfidences: (number | null)[];
}

@Injectable()
export class ConversationsOfTeam {
  constructor(private readonly database: Database) {}

  async find(id: number): Promise<SubjectConversation | undefined> {
    const [row] = await this.database.query<SubjectConversation>(
      `SELECT id, workspace_id AS "workspaceId", user_id AS "userId", persona_id AS "personaId", channel, is_encrypted AS "isEncrypted",
         last_seq AS "lastSeq" FROM conversations WHERE id = $1`,
      [id],
    );
    return row;
  }

  /** False when it is gone. */
  async lock(id: number): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM conversations WHERE id = $1 FOR NO KEY UPDATE', [id]);
    return rows.length > 0;
  }

  /** @param replies of so many; those before people had the conversation do not count */
  async pastOf(conversationId: number, replies: number): Promise<TurnPast> {
    const [row] = await this.database.query<TurnPast>(
      `SELECT (SELECT e.id FROM escalations e WHERE e.conversation_id = $1 AND e.status IN ('open', 'claimed')) AS "activeId",
         EXISTS (SELECT 1 FROM escalations e WHERE e.conversation_id = $1) AS "wasEscalated", c.context_from_seq AS "contextFromSeq",
         CASE WHEN $2::integer = 0 THEN '{}'::real[] ELSE coalesce((SELECT array_agg(m.confidence ORDER BY m.seq DESC) FROM (
           SELECT m.seq, m.confidence FROM messages m WHERE m.conversation_id = c.id AND m.role = 'assistant' AND m.seq >= c.context_from_seq
           ORDER BY m.seq DESC LIMIT $2::integer) m), '{}') END AS "earlierConfidences"
       FROM conversations c WHERE c.id = $1`,
      [conversationId, replies],
    );
    return row ?? { activeId: null, wasEscalated: false, contextFromSeq: 1, earlierConfidences: [] };
  }
}
