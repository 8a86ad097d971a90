import { WorkspacesService } from '@app/auth';
import { AppError, badInput } from '@app/kernel';
import type { Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ReportQueryDto, Scope } from '../dto/report-query.dto';
import type { Selection } from '../persistence/figures.sql';

/** Whose calls a caller may see. */
@Injectable()
export class ReportAccess {
  constructor(private readonly workspaces: WorkspacesService) {}

  /**
   * @throws 404 WORKSPACE.NOT_FOUND for strangers, 403 ANALYTICS.FORBIDDEN for members that are no owners, for what only instance admins may see,
   * and for other users' figures in one's own
   */
  async selectionFor(principal: Principal, query: ReportQueryDto): Promise<{ scope: Scope; selection: Selection }> {
    const scope = query.scope ?? (query.workspace_id === undefined ? 'me' : 'workspace');
    const filters: Selection = {
      userId: query.user_id,
      personaId: query.persona_id,
      model: query.model,
      channel: query.channel,
    };
    if (scope === 'workspace') {
      return { scope, selection: { ...filters, workspaceId: await this.ownWorkspace(principal, query.workspace_id) } };
    }
    if (scope === 'instance') {
      if (!principal.isInstanceAdmin) throw forbidden('Only instance admins may see the figures of all users.');
      return { scope, selection: { ...filters, workspaceId: query.workspace_id } };
    }
    if (query.workspace_id !== undefined) throw badInput('workspace_id', 'needs scope=workspace.');
    if (query.user_id !== undefined && query.user_id !== principal.userId) {
      throw forbidden(
        'user_id: in the scope me it can only be you. Ask for a workspace that you own, with workspace_id.',
      );
    }
    return { scope, selection: { ...filters, userId: principal.userId } };
  }

  private async ownWorkspace(principal: Principal, id: number | undefined): Promise<number> {
    if (id === undefined) {
      throw badInput('workspace_id', 'is needed with scope=workspace. GET /workspaces lists yours.');
    }
    const { role } = await this.workspaces.get(principal, id);
    if (role !== 'owner') {
      throw forbidden(`Only an owner may see the figures of workspace ${id}. Ask one of its owners.`);
    }
    return id;
  }
}

const forbidden = (detail: string): AppError => new AppError('ANALYTICS.FORBIDDEN', 403, detail);
