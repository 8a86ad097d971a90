/**
 * In a select list; needs `c`, a conversation. Where the upstream keeps the context its size here says nothing: that of the last call does. Replies that the
 * model had no part in have no tokens.
 */
export const LAST_TOTAL_TOKENS = `CASE WHEN c.openai_conversation_id IS NOT NULL THEN (
           SELECT tokens_used FROM messages WHERE conversation_id = c.id AND role = 'assistant' AND tokens_used > 0 ORDER BY seq DESC LIMIT 1
         ) END AS "lastTotalTokens"`;
