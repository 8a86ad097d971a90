import type { HookEvents, InboundEvent } from '../core/channel-adapter';
import { type Json, recordsIn } from './json';

/** Meta puts 1,000 updates into a hook at most: https://developers.facebook.com/docs/graph-api/webhooks/getting-started. Nobody may make us look at a million. */
export const MAX_EVENTS = 5000;
/** Each of them may be for another account. */
const MAX_ACCOUNTS = 1000;

export interface Told {
  accountId: string;
  event: InboundEvent;
}

/** What a hook is made of, for accounts. */
export const entriesIn = (body: unknown): Json[] => recordsIn(body, 'entry').slice(0, MAX_EVENTS);

/** In the order of the hook. What stands behind the most that can be is left out, and not looked at. */
export function byAccount(told: Iterable<Told>): HookEvents[] {
  const accounts = new Map<string, InboundEvent[]>();
  let count = 0;
  for (const { accountId, event } of told) {
    const events = accounts.get(accountId);
    if (events === undefined) accounts.set(accountId, [event]);
    else events.push(event);
    count += 1;
    if (count === MAX_EVENTS) break;
  }
  return [...accounts].map(([accountId, events]) => ({ accountId, events }));
}

/** Each once. */
export function someAccounts(named: Iterable<{ accountId: string }>): string[] {
  const found = new Set<string>();
  for (const { accountId } of named) {
    found.add(accountId);
    if (found.size === MAX_ACCOUNTS) break;
  }
  return [...found];
}
