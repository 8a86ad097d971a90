import type { Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { escalationNotFound, notYours } from './inbox.errors';
import { TeamAccess } from './team-access.service';
import {
  type EscalationEnd,
  type FollowedEscalation,
  type FollowedPlace,
  FollowedEscalationsRepository,
  type TeamPlace,
} from './persistence/followed-escalations.repository';

/** For the socket door: which escalations the people of a team may follow. They are the same as in the inbox. */
@Injectable()
export class FollowedEscalations {
  constructor(
    private readonly escalations: FollowedEscalationsRepository,
    private readonly access: TeamAccess,
  ) {}

  /** For what tells of the whole inbox. @throws 403 ESCALATION.AGENTS_ONLY */
  async requireTeam(principal: Principal, workspaceId: number): Promise<void> {
    await this.access.requireTeam(principal, workspaceId);
  }

  /** @throws 404 ESCALATION.NOT_FOUND, also for strangers: numbers of others' tell nothing */
  async open({ userId }: Principal, id: number): Promise<FollowedEscalation> {
    const found = await this.escalations.find(id, userId);
    if (found === undefined) throw escalationNotFound(id);
    return found;
  }

  /** Whoever has claimed it speaks for the team. @throws 404 ESCALATION.NOT_FOUND, 409 ESCALATION.NOT_YOURS */
  async requireHolder(principal: Principal, id: number): Promise<void> {
    const { status, assignedTo } = await this.open(principal, id);
    if (status !== 'claimed' || assignedTo !== principal.userId) throw notYours(id);
  }

  /**
   * Those that are over. Asked after a conversation was read, it knows every end before a message that was read: what comes after an end is
   * stored after it.
   */
  async endsAmong(ids: readonly number[]): Promise<EscalationEnd[]> {
    return ids.length === 0 ? [] : this.escalations.endsAmong(ids);
  }

  /** Those that may not be followed any more: somebody has left the team, or the escalation is elsewhere or gone. */
  async lostAmong<T extends FollowedPlace>(places: readonly T[]): Promise<T[]> {
    if (places.length === 0) return [];
    const lost = await this.escalations.lostAmong(places);
    return lost.map((index) => places[index]!);
  }

  /** Those who are not of the team any more that they were of. */
  async strangersAmong<T extends TeamPlace>(places: readonly T[]): Promise<T[]> {
    if (places.length === 0) return [];
    const strangers = await this.escalations.strangersAmong(places);
    return strangers.map((index) => places[index]!);
  }
}
