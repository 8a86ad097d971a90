/** What must never be found of channels once nothing runs any more. */
export const CHANNEL_RULES: Record<string, string> = {
  'what was taken in, or has left, keeps no text in the tables of channels': `
    SELECT 'inbox' AS place, id FROM channel_inbox WHERE status IN ('done', 'ignored') AND payload IS NOT NULL
    UNION ALL SELECT 'outbox', id FROM channel_outbox WHERE status IN ('sent', 'delivered', 'read') AND content IS NOT NULL`,
  'a text of a channel is encrypted with the key that its row names': `
    SELECT 'inbox' AS place, id FROM channel_inbox WHERE (payload IS NULL) <> (encryption_key IS NULL) OR encryption_key <> split_part(payload, ':', 2)
    UNION ALL SELECT 'outbox', id FROM channel_outbox WHERE (content IS NULL) <> (encryption_key IS NULL) OR encryption_key <> split_part(content, ':', 2)
    UNION ALL SELECT 'channel', id FROM channels WHERE (credentials IS NULL) <> (encryption_key IS NULL) OR encryption_key <> split_part(credentials, ':', 2)`,
  'what a person wrote through a channel is one message': `
    SELECT message_id FROM channel_inbox WHERE message_id IS NOT NULL AND kind = 'message' GROUP BY message_id HAVING count(*) > 1`,
  'a thread, its person, its channel and its conversation belong together': `
    SELECT t.conversation_id FROM channel_threads t JOIN channel_identities i ON i.id = t.identity_id JOIN channels c ON c.id = t.channel_id
    JOIN conversations o ON o.id = t.conversation_id
    WHERE i.channel_id <> t.channel_id OR o.user_id <> i.user_id OR o.workspace_id <> c.workspace_id OR o.channel <> c.type OR NOT o.is_encrypted`,
  'no more is carried than was said': `
    SELECT t.conversation_id FROM channel_threads t JOIN conversations o ON o.id = t.conversation_id WHERE t.carried_seq > o.last_seq`,
  'what goes out goes to the person of the conversation, from the channel that they wrote to': `
    SELECT b.id FROM channel_outbox b LEFT JOIN channel_threads t ON t.conversation_id = b.conversation_id
    WHERE t.channel_id IS DISTINCT FROM b.channel_id OR t.identity_id IS DISTINCT FROM b.identity_id`,
  'what has left has a time at which it left': `
    SELECT id FROM channel_outbox WHERE (status IN ('sent', 'delivered', 'read') AND sent_at IS NULL) OR delivered_at < sent_at - interval '1 minute'`,
};
