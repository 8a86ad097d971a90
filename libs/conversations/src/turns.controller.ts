import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Controller, Get, HttpCode, Param, Post, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TurnEventsQueryDto } from './dto/message.dto';
import { OpenTurnsResponse, TurnResponse } from './dto/turn.response';
import { MessagesService } from './messages.service';
import { lastEventOf } from './send-headers';
import { EVENT_STREAM } from './turn-api-docs';
import { TurnChangesService } from './turn-changes.service';
import { TurnResponder } from './turn-responder';

@ApiTags('turns')
@ApiBearerAuth()
@Controller('chat')
export class TurnsController {
  constructor(
    private readonly messages: MessagesService,
    private readonly changes: TurnChangesService,
    private readonly responder: TurnResponder,
  ) {}

  @Get('turns/:turn_id')
  @ApiOperation({ summary: 'What became of a message' })
  @ApiOkResponse({ type: TurnResponse })
  @ApiProblems(403, 404)
  async turn(
    @CurrentUser() principal: Principal,
    @Param('turn_id', ParseIdPipe) turnId: number,
  ): Promise<TurnResponse> {
    return TurnResponse.from(await this.messages.turn(principal, turnId));
  }

  @Get('turns/:turn_id/events')
  @ApiOperation({
    summary: 'Read along while a reply is written',
    description:
      'Server-sent events: `turn.started`, `message.delta` (text and where it belongs, in UTF-16 code units), `message.tool_call`, `message.reset` ' +
      '(an attempt failed after text was shown: throw the text away), and at the end one of `message.completed`, `turn.failed`, `turn.cancelled`, `turn.handed_off` (a person answers) and `turn.merged`, ' +
      'each with the whole `assistant_message` and its `usage`. Events are numbered per turn; connect again with `Last-Event-ID` to get what you have ' +
      'missed, at any api process. Text that a slow reader missed comes in one piece. Closing the connection does not stop the turn.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Id of the last event that you have.',
    schema: { type: 'string', pattern: '^[0-9]{1,9}$' },
  })
  @ApiResponse({ status: 200, description: 'Ends with the turn.', content: EVENT_STREAM })
  @ApiProblems(403, 404)
  async events(
    @CurrentUser() principal: Principal,
    @Param('turn_id', ParseIdPipe) turnId: number,
    @Query() query: TurnEventsQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    // Before anything is done for it: a stranger must not even make a worker tell.
    await this.messages.turn(principal, turnId);
    const header = request.headers['last-event-id'];
    const after = lastEventOf(header, query.after);
    return this.responder.stream(principal, turnId, after, header ? 'Last-Event-ID' : 'after', reply);
  }

  @Post('turns/:turn_id/cancel')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Stop a reply',
    description:
      'The call to the model ends, and what was written so far is kept as a message with status `cancelled`. A turn that is already over is returned ' +
      'as it is. 202: its worker has not answered within 5 seconds; the turn will be cancelled.',
  })
  @ApiOkResponse({ type: TurnResponse })
  @ApiAcceptedResponse({ type: TurnResponse })
  @ApiProblems(403, 404)
  async cancel(
    @CurrentUser() principal: Principal,
    @Param('turn_id', ParseIdPipe) turnId: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TurnResponse> {
    const view = await this.changes.cancel(principal, turnId);
    if (view.turn.finished_at === null) void reply.status(202);
    return TurnResponse.from(view);
  }

  @Get('conversations/:conversation_id/open-turns')
  @ApiOperation({ summary: 'Turns that are not over: what can be watched or stopped after coming back' })
  @ApiOkResponse({ type: OpenTurnsResponse })
  @ApiProblems(403, 404)
  async openTurns(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
  ): Promise<OpenTurnsResponse> {
    return { turn_ids: await this.messages.openTurns(principal, conversationId) };
  }
}
