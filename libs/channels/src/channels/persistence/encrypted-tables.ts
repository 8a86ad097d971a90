import type { EncryptedTable } from '@app/platform';

const ofTable = (table: string, column: string): EncryptedTable => ({
  label: `${table}.${column}`,
  table,
  id: { column: 'id', type: 'bigint' },
  columns: [{ name: column, type: 'text' }],
  key: 'encryption_key',
  keyColumn: 'encryption_key',
  where: 'encryption_key IS NOT NULL',
  batch: 100,
});

/** Where this library keeps what is encrypted. See docs/encryption.md. */
export const ENCRYPTED_TABLES: readonly EncryptedTable[] = [
  ofTable('channels', 'credentials'),
  ofTable('channel_inbox', 'payload'),
  ofTable('channel_outbox', 'content'),
  { ...ofTable('channel_threads', 'reply_address'), id: { column: 'conversation_id', type: 'bigint' } },
  {
    ...ofTable('channel_files', 'content'),
    columns: [{ name: 'content', type: 'bytea' }],
    // Up to 10 MB each.
    batch: 1,
  },
];
