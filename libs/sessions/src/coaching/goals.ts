import type { FieldCipher } from '@app/platform';

/** What the encrypted goals of a session are bound to. */
const place = (sessionId: number): string => `sessions/${sessionId}/goals`;

/** As they are stored: nothing, or one encrypted text. Who reads the database learns not even how many there are. */
export const sealGoals = (cipher: FieldCipher, sessionId: number, goals: readonly string[]): string[] =>
  goals.length === 0 ? [] : [cipher.encrypt(JSON.stringify(goals), place(sessionId))];

export const openGoals = (cipher: FieldCipher, sessionId: number, [sealed]: readonly string[]): string[] =>
  sealed === undefined ? [] : (JSON.parse(cipher.decrypt(sealed, place(sessionId))) as string[]);
