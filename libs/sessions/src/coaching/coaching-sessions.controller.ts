import { ApiProblems, CurrentUser, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CoachingSessionsService } from './coaching-sessions.service';
import { ListSessionsQueryDto, StartSessionDto, UpdateSessionDto } from './dto/session.dto';
import { SessionListResponse, SessionResponse } from './dto/session.response';
import { ParseSessionIdPipe, SessionIdParam } from './session-id.param';

@ApiTags('sessions')
@ApiBearerAuth()
@Controller('sessions')
export class CoachingSessionsController {
  constructor(private readonly sessions: CoachingSessionsService) {}

  @Post()
  @ApiOperation({
    summary: 'Start a session',
    description:
      'A client and a persona of one workspace. The persona is told who the client is and what the goals are. The session ends by itself when ' +
      'nothing was said for `timeout_ms`: the persona’s `session_timeout_ms`, or `SESSION_TIMEOUT` of the instance.',
  })
  @ApiCreatedResponse({ type: SessionResponse })
  @ApiProblems(404)
  async start(@CurrentUser() principal: Principal, @Body() body: StartSessionDto): Promise<SessionResponse> {
    const { persona_id: personaId, client_id: clientId } = body;
    return SessionResponse.from(await this.sessions.start(principal, { personaId, clientId, goals: body.goals ?? [] }));
  }

  @Get()
  @ApiOperation({ summary: 'List your sessions, newest first' })
  @ApiOkResponse({ type: SessionListResponse })
  async list(@CurrentUser() principal: Principal, @Query() query: ListSessionsQueryDto): Promise<SessionListResponse> {
    const page = await this.sessions.list(principal, {
      clientId: query.client_id,
      personaId: query.persona_id,
      status: query.status,
      limit: query.limit ?? 50,
      cursor: query.cursor,
    });
    return SessionListResponse.from(page);
  }

  @Get(':session_id')
  @SessionIdParam
  @ApiOperation({ summary: 'Read a session' })
  @ApiOkResponse({ type: SessionResponse })
  @ApiProblems(404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('session_id', ParseSessionIdPipe) id: string,
  ): Promise<SessionResponse> {
    return SessionResponse.from(await this.sessions.get(principal, id));
  }

  @Patch(':session_id')
  @SessionIdParam
  @ApiOperation({ summary: 'Change the goals of a session' })
  @ApiOkResponse({ type: SessionResponse })
  @ApiProblems(404)
  async update(
    @CurrentUser() principal: Principal,
    @Param('session_id', ParseSessionIdPipe) id: string,
    @Body() body: UpdateSessionDto,
  ): Promise<SessionResponse> {
    return SessionResponse.from(await this.sessions.setGoals(principal, id, body.goals));
  }

  @Post(':session_id/end')
  @HttpCode(200)
  @SessionIdParam
  @ApiOperation({
    summary: 'End a session',
    description:
      'It takes no message any more, and the model sums it up: see `summary`, `summary_status`. What is being answered still is. One that has ended ' +
      'before stays as it is.',
  })
  @ApiOkResponse({ type: SessionResponse })
  @ApiProblems(404)
  async end(
    @CurrentUser() principal: Principal,
    @Param('session_id', ParseSessionIdPipe) id: string,
  ): Promise<SessionResponse> {
    return SessionResponse.from(await this.sessions.end(principal, id));
  }

  @Post(':session_id/reopen')
  @HttpCode(200)
  @SessionIdParam
  @ApiOperation({
    summary: 'Go on with a session that has ended',
    description: 'The persona knows what was said before, and the time until it ends by itself begins anew.',
  })
  @ApiOkResponse({ type: SessionResponse })
  @ApiProblems(404)
  async reopen(
    @CurrentUser() principal: Principal,
    @Param('session_id', ParseSessionIdPipe) id: string,
  ): Promise<SessionResponse> {
    return SessionResponse.from(await this.sessions.reopen(principal, id));
  }

  @Delete(':session_id')
  @HttpCode(204)
  @SessionIdParam
  @ApiOperation({ summary: 'Erase a session and all that was said in it' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(404)
  async delete(
    @CurrentUser() principal: Principal,
    @Param('session_id', ParseSessionIdPipe) id: string,
  ): Promise<void> {
    await this.sessions.delete(principal, id);
  }
}
