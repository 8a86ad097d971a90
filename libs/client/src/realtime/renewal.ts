import { accessToken } from '../http/access-token.js';
import type { Credentials } from '../http/credentials.js';

/** A token is renewed so long before its end … */
const AHEAD_MS = 60_000;
/** … or, should it end sooner, after this part of the time that it has left. */
const PART = 0.5;
/** Should `getToken` give the same token again. */
const SHORTEST_MS = 1_000;
/** `setTimeout` takes no more. */
const LONGEST_MS = 2 ** 31 - 1;

/** Gives a connection a newer token before the one that it has ends. */
export class Renewal {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private plans = 0;

  /** @param give hands the token to the backend */
  constructor(
    private readonly credentials: Credentials,
    private readonly give: (token: string) => Promise<void>,
  ) {}

  /** @param token the one that the connection has now */
  plan(token: string | undefined): void {
    this.stop();
    if (token === undefined || !this.credentials.canRenew) return;
    const { endsAt } = accessToken(token);
    if (endsAt === undefined) return;
    const leftMs = endsAt - Date.now();
    const inMs = Math.max(SHORTEST_MS, leftMs - AHEAD_MS, Math.min(leftMs, AHEAD_MS) * PART);
    this.timer = setTimeout(() => void this.renew(token), Math.min(inMs, LONGEST_MS));
  }

  /** The token has to be renewed at once. */
  now(token: string | undefined): void {
    this.stop();
    if (token !== undefined) void this.renew(token);
  }

  stop(): void {
    this.plans += 1;
    clearTimeout(this.timer);
  }

  private async renew(old: string): Promise<void> {
    const plan = this.plans;
    let token = old;
    try {
      token = (await this.credentials.renewed(old)).value;
      if (plan === this.plans && token !== old) await this.give(token);
    } catch {
      // Tried again as long as the old one is good; after that the backend ends the connection, and a new one tells why.
    }
    if (plan === this.plans) this.plan(token);
  }
}
