import { AppConfig, SlidingCounters, type Take } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { SupportDoor } from '../support-door';
import { tooMany } from '../support.errors';

/** Who asks, as far as limits are concerned. */
export interface Caller {
  /** The address or network that a request comes from. */
  network: string;
  /** Told what is left, for the headers of the answer. */
  show?: (take: Take) => void;
}

/** Of the limit per network, the part that may be ids, keys and proofs that are wrong. */
const WRONG_SHARE = 1 / 4;

/** How often visitors may ask, per process and minute. Counted in memory; each is told when to come back. */
@Injectable()
export class SupportLimits {
  private readonly networks = new SlidingCounters();
  private readonly sessions = new SlidingCounters();
  private readonly messages = new SlidingCounters();
  private readonly wrong = new SlidingCounters();

  constructor(private readonly config: AppConfig) {}

  /**
   * A new session, or a message. Whoever is proven counts alone, for their host site may send it all from one address.
   * @throws 429
   */
  countVisitor(caller: Caller, provenAs: string | undefined): void {
    const key = provenAs === undefined ? `network ${caller.network}` : `visitor ${provenAs}`;
    const take = this.networks.take(key, this.config.limits.supportPerIp);
    caller.show?.(take);
    const what = provenAs === undefined ? 'sessions and messages from this network' : 'sessions and messages';
    refuse(take, what);
  }

  /** A new session of somebody unproven, where the door allows fewer. @throws 429 */
  countSession(caller: Caller, door: SupportDoor): void {
    if (door.sessionsPerMinute === null) return;
    const take = this.sessions.take(`${door.workspaceId} ${caller.network}`, door.sessionsPerMinute);
    caller.show?.(take);
    refuse(take, 'new sessions from this network');
  }

  /** A message of a session, whatever door it comes through. @throws 429 */
  countMessage(sessionId: number, door: SupportDoor): void {
    const { supportPerSession } = this.config.limits;
    const limit = Math.min(supportPerSession, door.messagesPerMinute ?? supportPerSession);
    refuse(this.messages.take(String(sessionId), limit), 'messages in this session');
  }

  /** Before anything is looked up for whom many ids, keys or proofs were wrong. @throws 429 */
  refuseGuessing({ network }: Caller): void {
    if (!this.wrong.isFull(network, this.wrongLimit)) return;
    refuse(this.wrong.take(network, this.wrongLimit), 'wrong session ids, keys or proofs from this network');
  }

  /** An id that no session has, a key that no door has, or a wrong proof. */
  countWrong({ network }: Caller): void {
    this.wrong.take(network, this.wrongLimit);
  }

  private get wrongLimit(): number {
    return Math.max(10, Math.floor(this.config.limits.supportPerIp * WRONG_SHARE));
  }
}

function refuse({ isRefused, limit, resetSeconds }: Take, what: string): void {
  if (isRefused) throw tooMany(what, limit, resetSeconds);
}
