import type { Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Escalation } from './escalation';
import { agentsOnly, escalationNotFound } from './inbox.errors';
import { AgentsRepository, type TeamRole } from './persistence/agents.repository';
import type { Actor } from './persistence/escalation-changes.repository';
import { EscalationsRepository } from './persistence/escalations.repository';

/** Who may see and do what in the inbox: owners of the workspace, and people whom they have made agents. */
@Injectable()
export class TeamAccess {
  constructor(
    private readonly agents: AgentsRepository,
    private readonly escalations: EscalationsRepository,
  ) {}

  /** @throws 403 ESCALATION.AGENTS_ONLY, also for strangers */
  async requireTeam(principal: Principal, workspaceId: number): Promise<TeamRole> {
    const role = await this.teamRoleOf(principal.userId, workspaceId);
    if (role === undefined) throw agentsOnly(workspaceId);
    return role;
  }

  async isOfTeam(principal: Principal, workspaceId: number): Promise<boolean> {
    return this.canTake(principal.userId, workspaceId);
  }

  /** Whether somebody can be given work: an owner or an agent. */
  async canTake(userId: number, workspaceId: number): Promise<boolean> {
    return (await this.teamRoleOf(userId, workspaceId)) !== undefined;
  }

  /** @throws 404 ESCALATION.NOT_FOUND, also for strangers: numbers of others' tell nothing */
  async open(principal: Principal, id: number): Promise<Escalation> {
    return (await this.openAs(principal, id)).escalation;
  }

  /** With who it is that does something. @throws as {@link open} */
  async openAs(principal: Principal, id: number): Promise<{ escalation: Escalation; actor: Actor }> {
    const escalation = await this.escalations.find(id);
    const role = escalation && (await this.teamRoleOf(principal.userId, escalation.workspaceId));
    if (escalation === undefined || role === undefined) throw escalationNotFound(id);
    return { escalation, actor: { userId: principal.userId, isOwner: role.isOwner } };
  }

  /** Undefined for whoever is not of the team. */
  private async teamRoleOf(userId: number, workspaceId: number): Promise<TeamRole | undefined> {
    const role = await this.agents.roleOf(workspaceId, userId);
    return role !== undefined && (role.isOwner || role.isAgent) ? role : undefined;
  }
}
