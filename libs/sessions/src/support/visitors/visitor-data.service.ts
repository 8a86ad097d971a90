import { FieldCipher } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Session } from '../../session';

/** What the host site says of a visitor, as it is kept with the session. */
export interface VisitorData {
  /** What the host site calls them; null when it said nothing. */
  userId: string | null;
  /** The host site has vouched for it. Otherwise anybody may have said anything. */
  isProven: boolean;
  /** Whatever else it said; of a proven visitor also `name` and `email`, as far as their token has them. */
  metadata: Record<string, unknown>;
}

export const placeOfVisitorData = (sessionId: number): string => `sessions/${sessionId}/visitor_data`;

/** Reads and writes `sessions.visitor_data`, which is encrypted and bound to its session. */
@Injectable()
export class VisitorDataCipher {
  constructor(private readonly cipher: FieldCipher) {}

  seal(sessionId: number, data: VisitorData): string {
    return this.cipher.encrypt(JSON.stringify(data), placeOfVisitorData(sessionId));
  }

  /** Null for a session without any. @throws DecryptionError when its key is gone */
  open(session: Pick<Session, 'id' | 'visitorData'>): VisitorData | null {
    if (session.visitorData === null) return null;
    return JSON.parse(this.cipher.decrypt(session.visitorData, placeOfVisitorData(session.id))) as VisitorData;
  }
}
