import type { EncryptedTable } from '@app/platform';

const byKeyColumn = (id: EncryptedTable['id']): Pick<EncryptedTable, 'id' | 'key' | 'keyColumn' | 'where'> => ({
  id,
  key: 'encryption_key',
  keyColumn: 'encryption_key',
  where: 'encryption_key IS NOT NULL',
});

/** Where this library keeps what is encrypted. See docs/encryption.md. */
export const ENCRYPTED_TABLES: readonly EncryptedTable[] = [
  {
    label: 'messages',
    table: 'messages',
    ...byKeyColumn({ column: 'id', type: 'bigint' }),
    columns: [
      { name: 'content', type: 'text' },
      { name: 'tool_calls', type: 'jsonb' },
      { name: 'citations', type: 'jsonb' },
      { name: 'images', type: 'jsonb' },
    ],
    batch: 100,
  },
  {
    label: 'message_feedback',
    table: 'message_feedback',
    ...byKeyColumn({ column: 'message_id', type: 'bigint' }),
    columns: [{ name: 'comment', type: 'text' }],
    batch: 100,
  },
  {
    label: 'conversation_summaries',
    table: 'conversation_summaries',
    ...byKeyColumn({ column: 'conversation_id', type: 'bigint' }),
    columns: [{ name: 'content', type: 'text' }],
    batch: 100,
  },
  {
    label: 'uploads',
    table: 'uploads',
    ...byKeyColumn({ column: 'id', type: 'text' }),
    columns: [{ name: 'content', type: 'bytea' }],
    // Up to 20 MB each.
    batch: 1,
  },
  {
    label: 'turn_stream_chunks',
    table: 'turn_stream_chunks',
    id: { column: 'turn_id', type: 'bigint' },
    columns: [{ name: 'entries', type: 'text' }],
    where: `entries LIKE 'enc:%'`,
    key: `split_part(entries, ':', 2)`,
    batch: 1,
    isShortLived: true,
  },
];
