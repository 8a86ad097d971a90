import type { EnvReader } from './env-reader';

/** Bounds of the socket door, each per api process. */
export interface SocketsConfig {
  /** Sockets of one network (an IPv4 address, or the first 64 bits of an IPv6 address). */
  perIp: number;
  /** Sockets of one login's user. */
  perUser: number;
  /** Events that one socket may send within ten seconds. */
  eventsPerTenSeconds: number;
  /** A socket that proves nothing in its handshake must join a session within this, in milliseconds. */
  joinTimeoutMs: number;
  /** Messages that follow each other within this are answered together, in milliseconds; 0: each by itself. */
  debounceMs: number;
  /** The first of them is answered after this at the latest, in milliseconds. */
  debounceMaxMs: number;
}

export function readSockets(reader: EnvReader): SocketsConfig {
  const sockets = {
    // An office, a mobile network, or a proxy that is not named in TRUSTED_PROXIES has many people behind one address.
    perIp: reader.integer('MAX_SOCKETS_PER_IP', { min: 1, max: 1_000_000, fallback: 10_000 }),
    perUser: reader.integer('MAX_SOCKETS_PER_USER', { min: 1, max: 100_000, fallback: 50 }),
    eventsPerTenSeconds: reader.integer('SOCKET_EVENTS_PER_10S', { min: 1, max: 100_000, fallback: 100 }),
    joinTimeoutMs: reader.integer('SOCKET_JOIN_TIMEOUT_MS', { min: 100, max: 600_000, fallback: 30_000 }),
    debounceMs: reader.integer('SOCKET_DEBOUNCE_MS', { min: 0, max: 60_000, fallback: 700 }),
    debounceMaxMs: reader.integer('SOCKET_DEBOUNCE_MAX_MS', { min: 0, max: 300_000, fallback: 5000 }),
  };
  if (sockets.debounceMaxMs < sockets.debounceMs) {
    reader.problem('SOCKET_DEBOUNCE_MAX_MS', 'must be at least SOCKET_DEBOUNCE_MS.');
  }
  return sockets;
}
