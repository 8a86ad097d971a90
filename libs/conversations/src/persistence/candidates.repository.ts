import type { TurnCandidate } from '@app/contracts';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ANSWERING_VERSION, JOIN_PERSONA } from './answering-version.sql';
import { LAST_TOTAL_TOKENS } from './copy-tokens.sql';

/** About how long a text is in the clear: encrypted it has 28 bytes more, in base64. */
const BYTES_OF = (alias: string): string =>
  `CASE WHEN ${alias}.encryption_key IS NULL THEN octet_length(${alias}.content) ELSE greatest(0, octet_length(${alias}.content) * 3 / 4 - 28) END`;

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
         (coalesce((SELECT sum(${BYTES_OF('h')}) FROM (
           SELECT content, encryption_key FROM messages WHERE conversation_id = $1 ORDER BY seq DESC LIMIT $3) h), 0)
          + coalesce((SELECT ${BYTES_OF('s')} FROM conversation_summaries s WHERE conversation_id = $1), 0))::integer AS "historyBytes",
         ${LAST_TOTAL_TOKENS}
       FROM conversations c ${JOIN_PERSONA}
       WHERE c.id = $1 AND c.user_id = $2`,
      [conversationId, userId, historyMessages],
    );
    return row;
  }
}
