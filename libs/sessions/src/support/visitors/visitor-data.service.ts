import { FieldCipher, FieldReader } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Session } from '../../session';
import type { ProvenVisitor } from './visitor-proof';

/** What the host site says of a visitor, as it is kept with the session. */
export interface VisitorData {
  /** What the host site calls them; null when it said nothing. */
  userId: string | null;
  /** The host site has vouched for it. Otherwise anybody may have said anything. */
  isProven: boolean;
  /** What else it has vouched for; of sessions from before this was kept, nothing. */
  person?: Pick<ProvenVisitor, 'name' | 'email'>;
  /** Whatever else the page said, which proves nothing; of a proven visitor also `name` and `email`, as far as their token has them. */
  metadata: Record<string, unknown>;
}

export const placeOfVisitorData = (sessionId: number): string => `sessions/${sessionId}/visitor_data`;

/** Reads and writes `sessions.visitor_data`, which is encrypted and bound to its session. */
@Injectable()
export class VisitorDataCipher {
  constructor(
    private readonly cipher: FieldCipher,
    private readonly reader: FieldReader,
  ) {}

  seal(sessionId: number, data: VisitorData): string {
    return this.cipher.encrypt(JSON.stringify(data), placeOfVisitorData(sessionId));
  }

  /** Null for a session without any, and for what cannot be decrypted; `FieldReader` tells the operator. */
  open({ id, visitorData }: Pick<Session, 'id' | 'visitorData'>): VisitorData | null {
    if (visitorData === null) return null;
    const opened = this.reader.open(visitorData, placeOfVisitorData(id));
    return 'plain' in opened ? (JSON.parse(opened.plain) as VisitorData) : null;
  }
}
