import type { Outgoing } from './chat-state';

/** What a tab remembers of its conversation. The id is a secret: it stays in the tab, and never gets into an address. */
export interface Remembered {
  /** Undefined: no conversation has begun. */
  sessionId?: string | undefined;
  /** What was not confirmed when the page was left: it is sent again under the same names, and stored once. */
  unsent: Pick<Outgoing, 'clientMessageId' | 'text'>[];
  /** What stands in the field. */
  writing: string;
  /** The widget's panel is open. */
  isOpen: boolean;
  /** Seq of the last message that was seen in the widget. */
  seenSeq: number;
}

const NOTHING: Remembered = { unsent: [], writing: '', isOpen: false, seenSeq: 0 };

/** `sessionStorage`, or just this page's life where the browser allows none. */
export class SessionStore {
  private memory: string | undefined;
  private readonly key: string;

  /** @param scope which chat it is, and whose: pages of one website may have several, and one visitor after the other */
  constructor(scope: string) {
    this.key = `parley.chat:${scope}`;
  }

  read(): Remembered {
    try {
      const stored: unknown = JSON.parse(this.text() ?? 'null');
      return isRemembered(stored) ? { ...NOTHING, ...stored } : NOTHING;
    } catch {
      return NOTHING;
    }
  }

  write(change: Partial<Remembered>): void {
    this.memory = JSON.stringify({ ...this.read(), ...change });
    try {
      sessionStorage.setItem(this.key, this.memory);
    } catch {
      // Full or forbidden: a reload begins anew.
    }
  }

  private text(): string | null {
    try {
      return sessionStorage.getItem(this.key) ?? this.memory ?? null;
    } catch {
      return this.memory ?? null;
    }
  }
}

function isRemembered(value: unknown): value is Partial<Remembered> {
  if (typeof value !== 'object' || value === null) return false;
  const { sessionId, unsent = [], writing = '' } = value as Partial<Remembered>;
  return (
    (sessionId === undefined || typeof sessionId === 'string') &&
    typeof writing === 'string' &&
    Array.isArray(unsent) &&
    unsent.every((each) => typeof each?.clientMessageId === 'string' && typeof each.text === 'string')
  );
}
