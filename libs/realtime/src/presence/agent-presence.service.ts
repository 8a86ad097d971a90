import { randomUUID } from 'node:crypto';
import type { ParleyEvent } from '@app/contracts';
import { EventsBus } from '@app/platform';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Connection } from '../connections/connection';
import { ConversationFeeds } from '../feeds/conversation-feeds.service';

/** Each process repeats who is online there; one that does not any more is dead, and its people vanish. */
const REPEAT_MS = 3000;
const VANISH_MS = 10_000;

interface Others {
  userIds: readonly number[];
  untilMs: number;
}

/** Which people of a workspace's team are online, at whatever process. */
@Injectable()
export class AgentPresence implements OnModuleInit, OnModuleDestroy {
  private readonly processId = randomUUID();
  /** By workspace: the sockets here that say so. */
  private readonly here = new Map<number, Set<Connection>>();
  /** By workspace, then by process. */
  private readonly elsewhere = new Map<number, Map<string, Others>>();
  private readonly told = new Map<number, number>();
  /** By workspace: how to hear no more of its escalations. */
  private readonly inboxes = new Map<number, () => void>();
  private timer: NodeJS.Timeout | undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly events: EventsBus,
    private readonly feeds: ConversationFeeds,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.events.subscribe('agents', (event) => this.hear(event));
    this.timer = setInterval(() => this.repeat(), REPEAT_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.unsubscribe();
    for (const stop of this.inboxes.values()) stop();
  }

  /** People online, each counted once. */
  online(workspaceId: number): number {
    const userIds = new Set(this.usersHere(workspaceId));
    for (const others of this.elsewhere.get(workspaceId)?.values() ?? []) {
      if (others.untilMs > performance.now()) for (const userId of others.userIds) userIds.add(userId);
    }
    return userIds.size;
  }

  /** Who is present here, and where. */
  *[Symbol.iterator](): Iterator<{ connection: Connection; workspaceId: number }> {
    for (const [workspaceId, sockets] of this.here) for (const connection of sockets) yield { connection, workspaceId };
  }

  /** The caller has made sure that the socket's user is of the workspace's team. */
  add(connection: Connection, workspaceId: number): void {
    if (connection.data.presentIn.includes(workspaceId)) return;
    connection.data.presentIn = [...connection.data.presentIn, workspaceId];
    const sockets = this.here.get(workspaceId);
    if (sockets === undefined) this.listen(workspaceId);
    this.here.set(workspaceId, (sockets ?? new Set()).add(connection));
    this.changed(workspaceId);
  }

  remove(connection: Connection, workspaceId: number): void {
    if (!connection.data.presentIn.includes(workspaceId)) return;
    connection.data.presentIn = connection.data.presentIn.filter((id) => id !== workspaceId);
    const sockets = this.here.get(workspaceId);
    sockets?.delete(connection);
    if (sockets?.size === 0) {
      this.here.delete(workspaceId);
      this.inboxes.get(workspaceId)?.();
      this.inboxes.delete(workspaceId);
    }
    this.changed(workspaceId);
  }

  /** The socket is closed. */
  removeAll(connection: Connection): void {
    for (const workspaceId of connection.data.presentIn) this.remove(connection, workspaceId);
  }

  /** People who are there are told what happens in the inbox. */
  private listen(workspaceId: number): void {
    const stop = this.events.subscribe(`escalations:${workspaceId}`, (event) => {
      if (event.type !== 'escalation.changed') return;
      const { escalationId, conversationId, status, reason } = event;
      for (const connection of this.here.get(workspaceId) ?? []) {
        connection.emit('escalation-changed', { workspaceId, escalationId, conversationId, status, reason });
      }
    });
    this.inboxes.set(workspaceId, stop);
  }

  private usersHere(workspaceId: number): number[] {
    const users = [...(this.here.get(workspaceId) ?? [])].map(({ data }) => data.login?.principal.userId ?? 0);
    return [...new Set(users)];
  }

  private changed(workspaceId: number): void {
    this.publish(workspaceId);
    this.tell(workspaceId);
  }

  private publish(workspaceId: number): void {
    const userIds = this.usersHere(workspaceId);
    this.events.publish({ type: 'agents.present', workspaceId, processId: this.processId, userIds });
  }

  private hear(event: ParleyEvent): void {
    if (event.type !== 'agents.present' || event.processId === this.processId) return;
    const { workspaceId, processId, userIds } = event;
    const processes = this.elsewhere.get(workspaceId) ?? new Map<string, Others>();
    if (userIds.length === 0) processes.delete(processId);
    else processes.set(processId, { userIds, untilMs: performance.now() + VANISH_MS });
    if (processes.size === 0) this.elsewhere.delete(workspaceId);
    else this.elsewhere.set(workspaceId, processes);
    this.tell(workspaceId);
  }

  private repeat(): void {
    for (const workspaceId of this.here.keys()) this.publish(workspaceId);
    for (const [workspaceId, processes] of this.elsewhere) {
      for (const [processId, { untilMs }] of processes) {
        if (untilMs <= performance.now()) processes.delete(processId);
      }
      if (processes.size === 0) this.elsewhere.delete(workspaceId);
      this.tell(workspaceId);
    }
  }

  /** Tells the workspace's sockets when the number is another than the last. */
  private tell(workspaceId: number): void {
    const agentsOnline = this.online(workspaceId);
    if ((this.told.get(workspaceId) ?? 0) === agentsOnline) return;
    if (agentsOnline === 0) this.told.delete(workspaceId);
    else this.told.set(workspaceId, agentsOnline);
    const told = new Set<Connection>();
    for (const feed of this.feeds) {
      if (feed.workspaceId !== workspaceId) continue;
      for (const { connection } of feed.members) {
        if (!told.has(connection)) connection.emit('presence', { workspaceId, agentsOnline });
        told.add(connection);
      }
    }
  }
}
