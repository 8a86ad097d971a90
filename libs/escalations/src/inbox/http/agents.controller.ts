import { ApiProblems, CurrentUser, decodeCursor, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AgentsService } from '../agents.service';
import { AgentDto, OfWorkspaceOnlyQueryDto, OfWorkspaceQueryDto } from './inbox.dto';
import { AgentListResponse, AgentResponse } from './inbox.response';

/** Who takes over. */
@ApiTags('escalations')
@ApiBearerAuth()
@Controller('escalations/agents')
export class AgentsController {
  constructor(private readonly agents: AgentsService) {}

  @Get()
  @ApiOperation({ summary: 'List the people who take over in a workspace' })
  @ApiOkResponse({ type: AgentListResponse })
  @ApiProblems(403)
  async list(@CurrentUser() principal: Principal, @Query() query: OfWorkspaceQueryDto): Promise<AgentListResponse> {
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    const page = await this.agents.list(principal, query.workspace_id, query.limit ?? 50, after);
    return {
      agents: page.items.map((agent) => AgentResponse.from(agent)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }

  @Put('me')
  @ApiOperation({
    summary: 'Say whether you are there, what you know and how much you take',
    description:
      'As an agent, or an owner, of the workspace. What is left out stays. Whoever is not there any more gives back what was assigned to them and not taken yet.',
  })
  @ApiOkResponse({ type: AgentResponse })
  @ApiProblems(403)
  async changeMe(@CurrentUser() principal: Principal, @Body() body: AgentDto): Promise<AgentResponse> {
    return AgentResponse.from(await this.agents.save(principal, body.workspace_id, principal.userId, choicesOf(body)));
  }

  @Put(':user_id')
  @ApiOperation({
    summary: 'Make a member of your workspace an agent, or change one',
    description:
      'Agents see the conversations that are handed over, and answer them. For owners. What is left out stays.',
  })
  @ApiOkResponse({ type: AgentResponse })
  @ApiProblems(403, 404)
  async save(
    @CurrentUser() principal: Principal,
    @Param('user_id', ParseIdPipe) userId: number,
    @Body() body: AgentDto,
  ): Promise<AgentResponse> {
    return AgentResponse.from(await this.agents.save(principal, body.workspace_id, userId, choicesOf(body)));
  }

  @Delete(':user_id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Somebody is no agent any more',
    description:
      'What is theirs goes back to the queue, also what they have taken: no model answers there until it ends. For owners, and for oneself.',
  })
  @ApiNoContentResponse({ description: 'They are none.' })
  @ApiProblems(403, 404)
  async remove(
    @CurrentUser() principal: Principal,
    @Param('user_id', ParseIdPipe) userId: number,
    @Query() query: OfWorkspaceOnlyQueryDto,
  ): Promise<void> {
    await this.agents.remove(principal, query.workspace_id ?? principal.workspaceId, userId);
  }
}

const choicesOf = ({ is_available: isAvailable, capacity, skills }: AgentDto) => ({ isAvailable, capacity, skills });
