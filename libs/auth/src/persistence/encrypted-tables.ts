import type { EncryptedTable } from '@app/platform';
import { visitorFingerprints } from '../visitor-fingerprints';

/** Where this library keeps what is encrypted. See docs/encryption.md. */
export const ENCRYPTED_TABLES: readonly EncryptedTable[] = [
  {
    label: 'users.visitor_external_id',
    table: 'users',
    id: { column: 'id', type: 'bigint' },
    columns: [{ name: 'visitor_external_id', type: 'text' }],
    where: `visitor_external_id LIKE 'enc:%'`,
    key: `split_part(visitor_external_id, ':', 2)`,
    derived: [
      {
        name: 'visitor_fingerprint',
        type: 'bytea',
        reads: ['visits_workspace_id'],
        of: ({ visitor_external_id: externalId }, row, cipher) =>
          visitorFingerprints(cipher, row.visits_workspace_id as number, externalId!)[0]!,
        // Processes that disagreed about the current key may have made two users of one visitor; the one that is found first keeps its place.
        assign: `CASE WHEN EXISTS (
            SELECT 1 FROM users other WHERE other.visits_workspace_id = stored.visits_workspace_id
              AND other.visitor_fingerprint = fresh.visitor_fingerprint AND other.id <> stored.id
          ) THEN stored.visitor_fingerprint ELSE fresh.visitor_fingerprint END`,
      },
    ],
    batch: 100,
  },
];
