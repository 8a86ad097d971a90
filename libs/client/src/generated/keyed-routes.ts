// Made of docs/openapi.json by `npm run client:generate`. Do not edit.

/** Routes that take an `Idempotency-Key`: sent again with the same key, they do their work once. */
export const KEYED_ROUTES: ReadonlySet<string> = new Set([
  "POST /chat/conversations/{conversation_id}/send",
  "PUT /chat/messages/{message_id}",
  "POST /chat/messages/{message_id}/regenerate",
  "POST /sessions/{session_id}/messages",
  "POST /escalations/{escalation_id}/replies",
  "POST /api/v1/chat/message"
]);
