import { FollowedEscalations } from '@app/escalations';
import { EventsBus, SeldomLog } from '@app/platform';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Member } from '../connections/connection';
import { ConversationFeeds } from '../feeds/conversation-feeds.service';
import { AgentPresence } from '../presence/agent-presence.service';

/** Whoever may not see something any more hears no more of it within 5 s, also when no event told of it. */
const LOOK_MS = 3000;
/** Of one statement. */
const BATCH = 1000;

/** Looks after those who are present in inboxes or follow escalations: whether they are of the team still, and the escalation is where it was. */
@Injectable()
export class TeamWatch implements OnModuleInit, OnModuleDestroy {
  private readonly trouble: SeldomLog;
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;
  private isOutdated = false;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly feeds: ConversationFeeds,
    private readonly presence: AgentPresence,
    private readonly escalations: FollowedEscalations,
    private readonly events: EventsBus,
    logger: PinoLogger,
  ) {
    this.trouble = new SeldomLog(logger, 'whether people of the team may go on was not found out; looking again');
  }

  onModuleInit(): void {
    this.unsubscribe = this.events.subscribe('access', (event) => {
      if (event.type === 'access.revoked' && event.team !== undefined) void this.look();
    });
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    this.unsubscribe();
    clearInterval(this.timer);
  }

  /** What changes while it looks is looked at once more. */
  private async look(): Promise<void> {
    this.isOutdated = true;
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      while (this.isOutdated) {
        this.isOutdated = false;
        await this.dismissFollowers();
        await this.dismissPresent();
      }
    } catch (error) {
      this.trouble.warn(error);
    } finally {
      this.isLooking = false;
    }
  }

  private async dismissFollowers(): Promise<void> {
    const followed = [...this.feeds].flatMap(({ workspaceId, members }) =>
      members.flatMap((member) => placeOf(member, workspaceId)),
    );
    for (let from = 0; from < followed.length; from += BATCH) {
      const lost = await this.escalations.lostAmong(followed.slice(from, from + BATCH));
      for (const { member } of lost) this.feeds.dismiss(member, 'unavailable');
    }
  }

  private async dismissPresent(): Promise<void> {
    const present = [...this.presence].map(({ connection, workspaceId }) => ({
      connection,
      workspaceId,
      userId: connection.data.login?.principal.userId ?? 0,
    }));
    for (let from = 0; from < present.length; from += BATCH) {
      const strangers = await this.escalations.strangersAmong(present.slice(from, from + BATCH));
      for (const { connection, workspaceId } of strangers) this.presence.remove(connection, workspaceId);
    }
  }
}

const placeOf = (member: Member, workspaceId: number) => {
  const { escalationId, principal } = member;
  return escalationId === undefined ? [] : [{ escalationId, workspaceId, userId: principal.userId, member }];
};
