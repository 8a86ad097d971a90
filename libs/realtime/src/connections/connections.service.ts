import type { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { Member } from './connection';
import { RealtimeMetrics } from '../realtime.metrics';
import { sessionErased, toSocketError, tooSlow } from '../socket-errors';
import type { Connection } from './connection';
import { terminator, waitingBytes } from './raw-connection';

/** What a client may leave unread before it is told to go: more than the longest answer. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** So long one that is told to go may take to read why. */
const CUT_OFF_MS = 10_000;

/** All sockets of this process. */
@Injectable()
export class Connections {
  private readonly open = new Set<Connection>();
  private readonly byLogin = new Map<number, Set<Connection>>();
  private readonly byUser = new Map<number, number>();
  /** Those that were told to go, when they are cut off by the monotonic clock, and how. */
  private leaving: { atMs: number; terminate: () => void }[] = [];

  constructor(private readonly metrics: RealtimeMetrics) {}

  get size(): number {
    return this.open.size;
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.open.values();
  }

  add(connection: Connection): void {
    this.open.add(connection);
    const { login } = connection.data;
    if (login === undefined) return;
    const { loginId, userId } = login.principal;
    this.byLogin.set(loginId, (this.byLogin.get(loginId) ?? new Set()).add(connection));
    this.byUser.set(userId, this.ofUser(userId) + 1);
  }

  remove(connection: Connection): void {
    if (!this.open.delete(connection)) return;
    const { login } = connection.data;
    if (login === undefined) return;
    const { loginId, userId } = login.principal;
    const others = this.byLogin.get(loginId);
    others?.delete(connection);
    if (others?.size === 0) this.byLogin.delete(loginId);
    const left = this.ofUser(userId) - 1;
    if (left > 0) this.byUser.set(userId, left);
    else this.byUser.delete(userId);
  }

  ofUser(userId: number): number {
    return this.byUser.get(userId) ?? 0;
  }

  get loginIds(): number[] {
    return [...this.byLogin.keys()];
  }

  ofLogin(loginId: number): Connection[] {
    return [...(this.byLogin.get(loginId) ?? [])];
  }

  /** Tells why, and closes. A client of Socket.IO does not come back by itself. */
  close(connection: Connection, reason: AppError): void {
    this.metrics.closed.inc({ code: reason.code });
    connection.emit('chat-error', toSocketError(reason));
    this.leaving.push({ atMs: performance.now() + CUT_OFF_MS, terminate: terminator(connection.conn) });
    connection.disconnect(true);
  }

  /** The same, so that a client of Socket.IO connects again by itself. */
  sendElsewhere(connection: Connection, reason: AppError): void {
    this.metrics.closed.inc({ code: reason.code });
    connection.emit('chat-error', toSocketError(reason));
    connection.conn.close();
  }

  /** A socket that does not read what it is sent is closed: others' memory is in what waits for it. */
  refuseSlow(connection: Connection): void {
    if (connection.connected && waitingBytes(connection) > MAX_WAITING_BYTES) {
      this.close(connection, tooSlow());
    }
  }

  /** What it followed is erased. A visitor's socket that was made for nothing else is closed. */
  forget({ connection, feed }: Member): void {
    connection.data.members = connection.data.members.filter((member) => member.feed !== feed);
    if (connection.data.login === undefined && connection.data.members.length === 0) {
      this.close(connection, sessionErased());
    }
  }

  /** Those that were told to go, and do not answer, are cut off. @param nowMs by the monotonic clock */
  cutOff(nowMs: number): void {
    while (this.leaving[0] !== undefined && this.leaving[0].atMs <= nowMs) this.leaving.shift()?.terminate();
  }
}
