import type { EncryptedTable } from '@app/platform';

const ofSession = (
  column: string,
  value = column,
): Pick<EncryptedTable, 'label' | 'table' | 'id' | 'where' | 'key'> => ({
  label: `sessions.${column}`,
  table: 'sessions',
  id: { column: 'id', type: 'bigint' },
  where: `${value} LIKE 'enc:%'`,
  key: `split_part(${value}, ':', 2)`,
});

/** Where this library keeps what is encrypted. See docs/encryption.md. */
export const ENCRYPTED_TABLES: readonly EncryptedTable[] = [
  { ...ofSession('visitor_data'), columns: [{ name: 'visitor_data', type: 'text' }], batch: 100 },
  { ...ofSession('summary'), columns: [{ name: 'summary', type: 'text' }], batch: 100 },
  { ...ofSession('goals', '(goals ->> 0)'), columns: [{ name: 'goals', type: 'jsonb-list' }], batch: 100 },
  {
    label: 'support_doors.identity_secret',
    table: 'support_doors',
    id: { column: 'workspace_id', type: 'bigint' },
    columns: [{ name: 'identity_secret', type: 'text' }],
    where: `identity_secret LIKE 'enc:%'`,
    key: `split_part(identity_secret, ':', 2)`,
    batch: 100,
  },
];
