/** What the encrypted summary of a session is bound to. */
export const summaryPlace = (sessionId: number): string => `sessions/${sessionId}/summary`;
