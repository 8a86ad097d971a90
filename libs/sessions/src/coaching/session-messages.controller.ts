import {
  AnswersWithTurn,
  idempotencyKeyOf,
  MessageListResponse,
  MessagesService,
  SendMessageDto,
  toStoredImage,
  type TurnAnswer,
  TurnResponder,
  type TurnViewRow,
} from '@app/conversations';
import { ApiProblems, CurrentUser, type Principal, RateLimit } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionAccess } from '../session-access.service';
import { SessionMessages } from '../session-messages.service';
import { CoachingSessionsService } from './coaching-sessions.service';
import { ListSessionMessagesQueryDto } from './dto/session.dto';
import { SessionSendResponse } from './dto/session.response';
import { ParseSessionIdPipe, SessionIdParam } from './session-id.param';

@ApiTags('sessions')
@ApiBearerAuth()
@Controller('sessions')
export class SessionMessagesController {
  constructor(
    private readonly access: SessionAccess,
    private readonly sessions: CoachingSessionsService,
    private readonly sending: SessionMessages,
    private readonly messages: MessagesService,
    private readonly responder: TurnResponder,
  ) {}

  @Post(':session_id/messages')
  @HttpCode(200)
  @RateLimit('send')
  @SessionIdParam
  @ApiOperation({
    summary: 'Say something in a session and get the reply',
    description:
      'Waits for the reply (60 s by default) and returns both messages. When it takes longer, or with `Prefer: respond-async`, the answer is 202 with ' +
      'the turn; ask for it with GET /chat/turns/{turn_id}. With `Accept: text/event-stream` the reply is streamed. A 2xx means that the message is ' +
      'stored and will be answered. 409 `SESSION.ENDED`: reopen it, or start another one.',
  })
  @AnswersWithTurn(SessionSendResponse)
  @ApiProblems(404, 409)
  async send(
    @CurrentUser() principal: Principal,
    @Param('session_id', ParseSessionIdPipe) id: string,
    @Body() body: SendMessageDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TurnAnswer<SessionSendResponse>> {
    const isWatched = this.responder.wantsEvents(principal, request);
    const made = await this.sending.send(await this.access.owned(principal, id), {
      content: body.content,
      images: body.images?.map(toStoredImage),
      idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
      correlationId: String(request.id),
      isWatched,
    });
    const show = async (view: TurnViewRow): Promise<SessionSendResponse> =>
      SessionSendResponse.from(await this.sessions.get(principal, id), view);
    return this.responder.respondAs(show, principal, made, request, reply);
  }

  @Get(':session_id/messages')
  @SessionIdParam
  @ApiOperation({ summary: 'Read the messages of a session: the newest page, or before/after a seq' })
  @ApiOkResponse({ type: MessageListResponse })
  @ApiProblems(404)
  async list(
    @CurrentUser() principal: Principal,
    @Param('session_id', ParseSessionIdPipe) id: string,
    @Query() query: ListSessionMessagesQueryDto,
  ): Promise<MessageListResponse> {
    const { conversationId } = await this.access.owned(principal, id);
    const page = await this.messages.list(principal, conversationId, {
      limit: query.limit ?? 50,
      beforeSeq: query.before_seq,
      afterSeq: query.after_seq,
      isCurrentOnly: query.current,
    });
    return MessageListResponse.from(page, query.after_seq !== undefined);
  }
}
