import type { FieldCipher, FieldReader } from '@app/platform';

/** What the encrypted goals of a session are bound to. */
const place = (sessionId: number): string => `sessions/${sessionId}/goals`;

/** As they are stored: nothing, or one encrypted text. Who reads the database learns not even how many there are. */
export const sealGoals = (cipher: FieldCipher, sessionId: number, goals: readonly string[]): string[] =>
  goals.length === 0 ? [] : [cipher.encrypt(JSON.stringify(goals), place(sessionId))];

/** None when they cannot be decrypted; `FieldReader` tells the operator. */
export function openGoals(reader: FieldReader, sessionId: number, [sealed]: readonly string[]): string[] {
  if (sealed === undefined) return [];
  const opened = reader.open(sealed, place(sessionId));
  return 'plain' in opened ? (JSON.parse(opened.plain) as string[]) : [];
}
