import type { TurnCandidate } from '@app/contracts';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ANSWERING_VERSION, JOIN_PERSONA } from './answering-version.sql';
import { LAST_TOTAL_TOKENS } from './copy-tokens.sql';

@Injectable()
export class CandidatesRepository {
  constructor(private readonly database: Database) {}

  /** What one more message in a conversation would bring along; undefined when it is not the user's. */
  async find(
    conversationId: number,
    userId: number,
    historyMessages: number,
  ): Promise<Omit<TurnCandidate, 'contentBytes' | 'imageCount'> | undefined> {
    const [row] = await this.database.query<Omit<TurnCandidate, 'contentBytes' | 'imageCount'>>(
      `SELECT c.id AS "conversationId", c.workspace_id AS "workspaceId", c.user_id AS "userId", c.persona_id AS "personaId", c.channel,
         ${ANSWERING_VERSION},
         (coalesce((SELECT sum(octet_length(h.content)) FROM (
           SELECT content FROM messages WHERE conversation_id = $1 ORDER BY seq DESC LIMIT $3) h), 0)
          + coalesce((SELECT octet_length(content) FROM conversation_summaries WHERE conversation_id = $1), 0))::integer AS "historyBytes",
         ${LAST_TOTAL_TOKENS}
       FROM conversations c ${JOIN_PERSONA}
       WHERE c.id = $1 AND c.user_id = $2`,
      [conversationId, userId, historyMessages],
    );
    return row;
  }
}
