import { type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type WorkspaceChanges, WorkspacesRepository, type WorkspaceView } from './persistence/workspaces.repository';
import { workspaceNotFound, workspaceOwnersOnly } from './workspaces.errors';

/** Workspaces as their members see them. */
@Injectable()
export class WorkspacesService {
  constructor(private readonly workspaces: WorkspacesRepository) {}

  /** The caller's, the personal one first; at most 200. */
  async list(principal: Principal): Promise<WorkspaceView[]> {
    return this.workspaces.listViews(principal.userId);
  }

  /** @throws 404 WORKSPACE.NOT_FOUND for strangers */
  async get(principal: Principal, id: number): Promise<WorkspaceView> {
    const found = await this.workspaces.findView(principal.userId, id);
    if (found === undefined) throw workspaceNotFound(id);
    return found;
  }

  /** @throws 404 WORKSPACE.NOT_FOUND for strangers, 403 WORKSPACE.FORBIDDEN for members that are no owners */
  async requireOwner(principal: Principal, id: number): Promise<void> {
    if ((await this.get(principal, id)).role !== 'owner') throw workspaceOwnersOnly(id);
  }

  /** @throws 404 WORKSPACE.NOT_FOUND for strangers, 403 WORKSPACE.FORBIDDEN for members that are no owners */
  async change(principal: Principal, id: number, changes: WorkspaceChanges): Promise<WorkspaceView> {
    await this.requireOwner(principal, id);
    if (!(await this.workspaces.change(principal.userId, id, changes))) throw workspaceOwnersOnly(id);
    return this.get(principal, id);
  }
}
