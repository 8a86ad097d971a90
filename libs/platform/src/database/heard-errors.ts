import { Client } from 'pg';

/**
 * Every connection of pg's has somebody who hears its errors, from its beginning. Whoever waits for a connection can listen only when it is handed over, a
 * moment after it is there; when the server ends it in that very moment, as at a shutdown, pg tells nobody, and an `error` event that nobody hears ends the
 * process. Statements on such a connection fail and say so themselves. Not an option of pg: BullMQ and TypeORM make their connections themselves.
 */
const connect = Object.getOwnPropertyDescriptor(Client.prototype, 'connect')?.value as (...args: unknown[]) => unknown;

function connectHeard(this: Client, ...args: unknown[]): unknown {
  this.on('error', () => undefined);
  return connect.apply(this, args);
}

Object.defineProperty(Client.prototype, 'connect', { value: connectHeard, writable: true, configurable: true });
