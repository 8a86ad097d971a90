import type { EncryptedTable } from '@app/platform';

const ofTable = (table: string, ...columns: string[]): EncryptedTable => ({
  label: table,
  table,
  id: { column: 'id', type: 'bigint' },
  columns: columns.map((name) => ({ name, type: 'text' })),
  key: 'encryption_key',
  keyColumn: 'encryption_key',
  where: 'encryption_key IS NOT NULL',
  batch: 100,
});

/** Where this library keeps what is encrypted. See docs/encryption.md. */
export const ENCRYPTED_TABLES: readonly EncryptedTable[] = [
  ofTable('escalations', 'summary', 'suggested_reply', 'csat_comment'),
  ofTable('escalation_triggers', 'evidence'),
  ofTable('escalation_events', 'note'),
  {
    label: 'webhook_endpoints.secret',
    table: 'webhook_endpoints',
    id: { column: 'id', type: 'bigint' },
    columns: [{ name: 'secret', type: 'text' }],
    where: `secret LIKE 'enc:%'`,
    key: `split_part(secret, ':', 2)`,
    batch: 100,
  },
];
