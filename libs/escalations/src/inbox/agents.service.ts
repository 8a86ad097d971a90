import { EventsBus, type Page, type Principal, toPage } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Assignments } from './assignments.service';
import type { SupportAgent } from './escalation';
import { agentNotFound, agentsOnly, memberNotFound } from './inbox.errors';
import { type AgentChoices, AgentsRepository } from './persistence/agents.repository';
import { TeamAccess } from './team-access.service';

/** Who takes over in a workspace. */
@Injectable()
export class AgentsService {
  constructor(
    private readonly agents: AgentsRepository,
    private readonly access: TeamAccess,
    private readonly assignments: Assignments,
    private readonly events: EventsBus,
  ) {}

  /** By user. @throws 403 ESCALATION.AGENTS_ONLY */
  async list(principal: Principal, workspaceId: number, limit: number, afterUserId = 0): Promise<Page<SupportAgent>> {
    await this.access.requireTeam(principal, workspaceId);
    return toPage(await this.agents.list(workspaceId, limit, afterUserId), limit, ({ userId }) => userId);
  }

  /** Oneself, or as an owner anybody. Whoever goes away gives back what was assigned to them and not taken yet. @throws 403 ESCALATION.AGENTS_ONLY, 404 ESCALATION.MEMBER_NOT_FOUND */
  async save(principal: Principal, workspaceId: number, userId: number, choices: AgentChoices): Promise<SupportAgent> {
    await this.requireSelfOrOwner(principal, workspaceId, userId);
    const save = (): Promise<SupportAgent | undefined> => this.agents.save(workspaceId, userId, choices);
    const saved =
      choices.isAvailable === false
        ? await this.assignments.release(workspaceId, userId, 'assigned', save)
        : await save();
    if (saved === undefined) throw userId === principal.userId ? agentsOnly(workspaceId) : memberNotFound(userId);
    // Also when somebody has gone: others may be there.
    await this.assignments.run(workspaceId);
    // With what they were just given; whoever was removed meanwhile was saved all the same.
    return (await this.agents.find(workspaceId, userId)) ?? saved;
  }

  /** What is theirs goes back to the queue, also what they have taken. @throws 403 ESCALATION.AGENTS_ONLY, 404 ESCALATION.AGENT_NOT_FOUND */
  async remove(principal: Principal, workspaceId: number, userId: number): Promise<void> {
    await this.requireSelfOrOwner(principal, workspaceId, userId);
    await this.assignments.release(workspaceId, userId, 'all', async () => {
      if (!(await this.agents.remove(workspaceId, userId))) throw agentNotFound(userId);
    });
    // Their sockets follow nothing of it any more.
    this.events.publish({ type: 'access.revoked', team: { workspaceId, userId } });
    await this.assignments.run(workspaceId);
  }

  private async requireSelfOrOwner(principal: Principal, workspaceId: number, userId: number): Promise<void> {
    const role = await this.access.requireTeam(principal, workspaceId);
    if (!role.isOwner && userId !== principal.userId) throw agentsOnly(workspaceId);
  }
}
