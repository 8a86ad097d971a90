import type { FieldCipher } from '@app/platform';

/** What a visitor is found by whose id the host site has proven: one keyed hash per key, the current one's first. */
export const visitorFingerprints = (cipher: FieldCipher, workspaceId: number, externalId: string): Buffer[] =>
  cipher.fingerprints(`${workspaceId}/${externalId}`, 'visitor');
