import { Authenticator, LoginsService } from '@app/auth';
import type { ParleyEvent } from '@app/contracts';
import { AppConfig, EventsBus, SeldomLog } from '@app/platform';
import { type ConversationNews, FollowedSessions } from '@app/sessions';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Connection } from '../connections/connection';
import { Connections } from '../connections/connections.service';
import { ConversationFeeds } from '../feeds/conversation-feeds.service';
import { accessRevoked, joinTimedOut, tokenExpired, tokenExpiring, toSocketError } from '../socket-errors';

/** Tokens that end, and sockets that join nothing, are looked for this often. */
const TICK_MS = 1000;
/** Who may not use a socket any more is closed within 5 s, also when no event told of it. */
const LOOK_MS = 3000;
const WARN_BEFORE_MS = 60_000;

/** Looks after what sockets were let in with: tokens, logins, sessions. One timer and two statements for all sockets of the process. */
@Injectable()
export class AccessWatch implements OnModuleInit, OnModuleDestroy {
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly trouble: SeldomLog;
  private isLooking = false;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly connections: Connections,
    private readonly feeds: ConversationFeeds,
    private readonly logins: LoginsService,
    private readonly authenticator: Authenticator,
    private readonly sessions: FollowedSessions,
    private readonly events: EventsBus,
    private readonly config: AppConfig,
    logger: PinoLogger,
  ) {
    this.trouble = new SeldomLog(logger, 'whether sockets may go on was not found out; looking again');
  }

  onModuleInit(): void {
    this.unsubscribe = this.events.subscribe('access', (event) => this.revoked(event));
    this.timers.push(
      setInterval(() => this.tick(), TICK_MS),
      setInterval(() => void this.look(), LOOK_MS),
    );
    for (const timer of this.timers) timer.unref();
  }

  onModuleDestroy(): void {
    this.unsubscribe();
    for (const timer of this.timers) clearInterval(timer);
  }

  private revoked(event: ParleyEvent): void {
    if (event.type !== 'access.revoked') return;
    if (event.loginId !== undefined) this.endLogin(event.loginId);
    const feed = event.conversationId === undefined ? undefined : this.feeds.get(event.conversationId);
    if (feed !== undefined) this.feeds.erase(feed);
  }

  private endLogin(loginId: number): void {
    this.authenticator.forget(loginId);
    for (const connection of this.connections.ofLogin(loginId)) this.connections.close(connection, accessRevoked());
  }

  private tick(): void {
    const nowMs = performance.now();
    for (const connection of this.connections) this.check(connection, nowMs);
    this.connections.cutOff(nowMs);
  }

  private check(connection: Connection, nowMs: number): void {
    const { login, sessionId, members, connectedAtMs } = connection.data;
    if (login !== undefined) {
      const leftMs = login.expiresAtMs - Date.now();
      if (leftMs <= 0) return this.connections.close(connection, tokenExpired());
      if (leftMs > WARN_BEFORE_MS || login.isWarned) return;
      login.isWarned = true;
      connection.emit('chat-error', toSocketError(tokenExpiring(login.expiresAtMs)));
    } else if (sessionId === undefined && members.length === 0) {
      // Also one that left everything: without a proof of its own it is nobody.
      if (nowMs - connectedAtMs > this.config.sockets.joinTimeoutMs) this.connections.close(connection, joinTimedOut());
    }
  }

  /** One statement for all logins, one for all conversations: ended logins, ended and erased sessions, and messages whose event was missed. */
  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      const feeds = [...this.feeds].filter(({ members }) => members.length > 0);
      const known = feeds.map(({ conversationId, toldSeq, status }) => ({ conversationId, lastSeq: toldSeq, status }));
      const [ended, news] = await Promise.all([
        this.logins.endedAmong(this.connections.loginIds),
        this.sessions.changed(known),
      ]);
      for (const loginId of ended) this.endLogin(loginId);
      for (const each of news) this.tell(each);
    } catch (error) {
      this.trouble.warn(error);
    } finally {
      this.isLooking = false;
    }
  }

  private tell({ conversationId, lastSeq, status, endReason }: ConversationNews): void {
    const feed = this.feeds.get(conversationId);
    if (feed === undefined) return;
    if (lastSeq === null) return this.feeds.erase(feed);
    feed.sessionIs(status, status === 'ended' ? endReason : null);
    if (lastSeq > feed.toldSeq) feed.refresh();
  }
}
