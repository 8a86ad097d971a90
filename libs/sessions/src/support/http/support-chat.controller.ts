import { idempotencyKeyOf, MessagesService, wantsAsync, wantsEvents } from '@app/conversations';
import { badInput } from '@app/kernel';
import { ApiProblems, Public } from '@app/platform';
import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  type StreamableFile,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionAccess } from '../../session-access.service';
import { SessionMessages } from '../../session-messages.service';
import { SupportRules } from '../doors/support-rules.service';
import { BeginSupportSessionDto, SupportHistoryQueryDto, SupportMessageDto } from '../dto/support-chat.dto';
import {
  SupportHistoryMessageResponse,
  SupportHistoryResponse,
  SupportPendingResponse,
  SupportReplyResponse,
  SupportSessionEndResponse,
  SupportSessionResponse,
} from '../dto/support-chat.response';
import { VISITOR_EVENT_STREAM } from '../visitor-events';
import { SupportReplies } from '../support-replies.service';
import { SupportSessions } from '../support-sessions.service';
import { Visits } from './visit';

const SessionIdParam = ApiParam({
  name: 'sessionId',
  description: 'The session’s id, which is its secret.',
  schema: { type: 'string', example: 'ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA' },
});

/** Support chat for visitors of websites: no login, the session's id is the secret. */
@ApiTags('support chat')
@Public()
@Controller('api/v1/chat')
export class SupportChatController {
  constructor(
    private readonly support: SupportSessions,
    private readonly rules: SupportRules,
    private readonly access: SessionAccess,
    private readonly sessionMessages: SessionMessages,
    private readonly messages: MessagesService,
    private readonly replies: SupportReplies,
    private readonly visits: Visits,
  ) {}

  @Post('session')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Begin a support session',
    description:
      'Anybody may: the answer’s `sessionId` is the secret that the other calls need. Say which support chat you mean with its public key; without one ' +
      'the default workspace answers, where that is allowed (`SUPPORT_KEYLESS`).',
  })
  @ApiHeader({
    name: 'X-Parley-Key',
    required: false,
    description: 'The public key of the support chat; or `publicKey` in the body.',
    schema: { type: 'string', maxLength: 100 },
  })
  @ApiCreatedResponse({ type: SupportSessionResponse })
  @ApiProblems(401, 403)
  async begin(
    @Body() body: BeginSupportSessionDto,
    @Headers('x-parley-key') key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SupportSessionResponse> {
    const publicKey = key === undefined || key === '' ? body.publicKey : key;
    return SupportSessionResponse.from(
      await this.support.begin({ ...body, publicKey }, this.visits.of(request, reply)),
    );
  }

  @Post('message')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Say something in a support session and get the answer',
    description:
      'Waits for the answer (60 s by default, `SEND_WAIT_MS`). When it takes longer, or with `Prefer: respond-async`, the answer is 202. With ' +
      '`Accept: text/event-stream` it is streamed. A 2xx means that the message is stored and will be answered.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Send the same key again after a broken connection: the message is stored once, and the answer is that of the first.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  })
  @ApiHeader({
    name: 'Prefer',
    required: false,
    description: '`respond-async`: do not wait for the answer.',
    schema: { type: 'string' },
  })
  @ApiExtraModels(SupportReplyResponse)
  @ApiResponse({
    status: 200,
    description: 'The answer, or with `Accept: text/event-stream` the events of the turn.',
    content: { 'application/json': { schema: { $ref: getSchemaPath(SupportReplyResponse) } }, ...VISITOR_EVENT_STREAM },
  })
  @ApiAcceptedResponse({ type: SupportPendingResponse })
  @ApiProblems(403, 404, 409)
  async send(
    @Body() { sessionId, message }: SupportMessageDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SupportReplyResponse | SupportPendingResponse | StreamableFile> {
    const idempotencyKey = idempotencyKeyOf(request.headers['idempotency-key']);
    const visit = this.visits.of(request, reply);
    const session = await this.support.find(sessionId, visit);
    await this.rules.countMessage(session, visit);
    const isAsync = wantsAsync(request.headers.prefer);
    const isStreamed = !isAsync && wantsEvents(request.headers.accept);
    if (isStreamed) this.replies.refuseTooManyStreams(session);
    const made = await this.sessionMessages.send(session, {
      content: message,
      idempotencyKey,
      correlationId: String(request.id),
      isWatched: isStreamed,
    });
    if (made.isReplay) void reply.header('idempotency-replayed', 'true');
    // The message is stored: whoever has no room for another stream meanwhile is told to ask later, and not to send again.
    if (isStreamed && this.replies.hasRoom(session)) {
      // nginx would collect the events before it passes them on.
      void reply.header('x-accel-buffering', 'no');
      return this.replies.stream(session, sessionId, made.turnId);
    }
    const isWaiting = !isAsync && !isStreamed;
    const view = await this.replies.of(session, made, isWaiting);
    if (view.turn.finished_at !== null && isWaiting) return SupportReplyResponse.from(sessionId, view);
    if (isAsync) void reply.header('preference-applied', 'respond-async');
    void reply.status(202);
    return SupportPendingResponse.from(sessionId, view);
  }

  @Get('history/:sessionId')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Read what was said in a support session: the newest page, or before/after a seq',
    description: 'Also when the session is over.',
  })
  @SessionIdParam
  @ApiOkResponse({ type: SupportHistoryResponse })
  @ApiProblems(403, 404)
  async history(
    @Param('sessionId') sessionId: string,
    @Query() query: SupportHistoryQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SupportHistoryResponse> {
    if (query.afterSeq !== undefined && query.beforeSeq !== undefined) {
      throw badInput('afterSeq', 'cannot be combined with beforeSeq.');
    }
    const session = await this.support.find(sessionId, this.visits.of(request, reply));
    const page = await this.messages.list(this.access.principalOf(session), session.conversationId, {
      limit: query.limit ?? 50,
      afterSeq: query.afterSeq,
      beforeSeq: query.beforeSeq,
      isCurrentOnly: true,
    });
    return {
      sessionId,
      messages: page.rows.map((row) => SupportHistoryMessageResponse.from(row)),
      hasMore: page.hasMore,
    };
  }

  @Post('session/:sessionId/end')
  @HttpCode(200)
  @ApiOperation({ summary: 'End a support session: it can be read, and nothing more be said' })
  @SessionIdParam
  @ApiOkResponse({ type: SupportSessionEndResponse })
  @ApiProblems(403, 404)
  async end(
    @Param('sessionId') sessionId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SupportSessionEndResponse> {
    const session = await this.support.find(sessionId, this.visits.of(request, reply));
    return SupportSessionEndResponse.from(sessionId, await this.support.end(session));
  }

  @Delete('session/:sessionId')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Erase a support session and everything that was said in it',
    description: 'What it cost stays in the ledger as numbers, without content.',
  })
  @SessionIdParam
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(403, 404)
  async erase(
    @Param('sessionId') sessionId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.support.erase(await this.support.find(sessionId, this.visits.of(request, reply)));
  }
}
