import type { Presence } from '@app/contracts';
import { WorkspacesService } from '@app/auth';
import { FollowedEscalations } from '@app/escalations';
import { Injectable } from '@nestjs/common';
import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import type { Connection } from '../connections/connection';
import { AgentPresence } from '../presence/agent-presence.service';
import { loginNeeded } from '../socket-errors';
import type { SocketEvent } from './socket-event';

export class SetPresenceDto {
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  workspaceId: number;

  @IsBoolean()
  isOnline: boolean;
}

@Injectable()
export class SetPresenceEvent implements SocketEvent<'set-presence', SetPresenceDto> {
  readonly name = 'set-presence';
  readonly payload = SetPresenceDto;
  readonly isOrdered = true;

  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly escalations: FollowedEscalations,
    private readonly presence: AgentPresence,
  ) {}

  /** Of the inbox hears only who may read it. @throws 404 WORKSPACE.NOT_FOUND for strangers, 403 ESCALATION.AGENTS_ONLY for members who are no agents */
  async handle(connection: Connection, { workspaceId, isOnline }: SetPresenceDto): Promise<Presence> {
    const { login } = connection.data;
    if (login === undefined) throw loginNeeded();
    if (isOnline) {
      await this.workspaces.get(login.principal, workspaceId);
      await this.escalations.requireTeam(login.principal, workspaceId);
      if (connection.connected) this.presence.add(connection, workspaceId);
    } else {
      this.presence.remove(connection, workspaceId);
    }
    return { agentsOnline: this.presence.online(workspaceId) };
  }
}
