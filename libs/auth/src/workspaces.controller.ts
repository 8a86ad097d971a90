import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChangeWorkspaceDto, WorkspaceDetailResponse, WorkspaceListResponse } from './dto/workspace.dto';
import { WorkspacesService } from './workspaces.service';

@ApiTags('workspaces')
@ApiBearerAuth()
@Controller('workspaces')
export class WorkspacesController {
  constructor(private readonly workspaces: WorkspacesService) {}

  @Get()
  @ApiOperation({ summary: 'List the workspaces that you are a member of, the personal one first' })
  @ApiOkResponse({ type: WorkspaceListResponse })
  async list(@CurrentUser() principal: Principal): Promise<WorkspaceListResponse> {
    const found = await this.workspaces.list(principal);
    return { workspaces: found.map((workspace) => WorkspaceDetailResponse.fromView(workspace)) };
  }

  @Get(':workspace_id')
  @ApiOperation({ summary: 'Read a workspace' })
  @ApiOkResponse({ type: WorkspaceDetailResponse })
  @ApiProblems(404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('workspace_id', ParseIdPipe) workspaceId: number,
  ): Promise<WorkspaceDetailResponse> {
    return WorkspaceDetailResponse.fromView(await this.workspaces.get(principal, workspaceId));
  }

  @Patch(':workspace_id')
  @ApiOperation({ summary: 'Rename a workspace, or say who keeps the context of its conversations' })
  @ApiOkResponse({ type: WorkspaceDetailResponse })
  @ApiProblems(403, 404)
  async change(
    @CurrentUser() principal: Principal,
    @Param('workspace_id', ParseIdPipe) workspaceId: number,
    @Body() body: ChangeWorkspaceDto,
  ): Promise<WorkspaceDetailResponse> {
    const changes = { name: body.name, conversationState: body.conversation_state };
    return WorkspaceDetailResponse.fromView(await this.workspaces.change(principal, workspaceId, changes));
  }
}
