import { ApiProblems, AppConfig, CurrentUser, ParseIdPipe, RateLimit, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ListMessagesQueryDto, SendMessageDto } from './dto/message.dto';
import { MessageListResponse, MessageResponse } from './dto/message.response';
import { SystemNoteResponse } from './dto/summary.response';
import { SendMessageResponse, TurnResponse } from './dto/turn.response';
import { MessageIntakeService } from './message-intake.service';
import { MessagesService } from './messages.service';
import { idempotencyKeyOf, wantsAsync } from './send-headers';
import { SummariesService } from './summaries.service';
import { TurnWaiter } from './turn-waiter';

@ApiTags('messages')
@ApiBearerAuth()
@Controller('chat')
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly intake: MessageIntakeService,
    private readonly summaries: SummariesService,
    private readonly waiter: TurnWaiter,
    private readonly config: AppConfig,
  ) {}

  @Post('conversations/:conversation_id/send')
  @HttpCode(200)
  @RateLimit('send')
  @ApiOperation({
    summary: 'Send a message and get the reply',
    description:
      'Waits for the reply (60 s by default) and returns both messages. When it takes longer, or with `Prefer: respond-async`, the answer is 202 with ' +
      'the turn; ask for it with GET /chat/turns/{turn_id}. A 2xx means that the message is stored and will be answered.',
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
    description: '`respond-async`: do not wait for the reply.',
    schema: { type: 'string' },
  })
  @ApiOkResponse({ type: SendMessageResponse })
  @ApiAcceptedResponse({ type: TurnResponse, description: 'Stored; the reply comes later.' })
  @ApiProblems(403, 404, 409)
  async send(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
    @Body() body: SendMessageDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SendMessageResponse | TurnResponse> {
    const isAsync = wantsAsync(request.headers.prefer);
    const { turnId, isReplay } = await this.intake.acceptMessage(principal, {
      conversationId,
      content: body.content,
      idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
      correlationId: String(request.id),
    });
    if (isReplay) void reply.header('idempotency-replayed', 'true');
    const isFinished = !isAsync && (await this.isFinished(principal, turnId, isReplay));
    const view = await this.messages.turn(principal, turnId);
    if (isFinished) return SendMessageResponse.from(view);
    void reply.status(202).header('location', `/chat/turns/${turnId}`);
    if (isAsync) void reply.header('preference-applied', 'respond-async');
    return TurnResponse.from(view);
  }

  @Get('conversations/:conversation_id/messages')
  @ApiOperation({ summary: 'Read messages: the newest page, or before/after a seq' })
  @ApiOkResponse({ type: MessageListResponse })
  @ApiProblems(403, 404)
  async list(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
    @Query() query: ListMessagesQueryDto,
  ): Promise<MessageListResponse> {
    const isForward = query.after_seq !== undefined;
    const page = await this.messages.list(principal, conversationId, {
      limit: query.limit ?? 50,
      beforeSeq: query.before_seq,
      afterSeq: query.after_seq,
    });
    return {
      messages: page.rows.map((row) => MessageResponse.from(row)),
      has_more: page.hasMore,
      next_before_seq: page.hasMore && !isForward ? (page.rows[0]?.seq ?? null) : null,
      next_after_seq: page.rows.at(-1)?.seq ?? null,
      ...(query.debug === true
        ? { system_notes: SystemNoteResponse.listFrom(await this.summaries.get(principal, conversationId)) }
        : {}),
    };
  }

  @Delete('messages/:message_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Erase a message; one that still waits for its answer is cancelled' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(403, 404)
  async delete(
    @CurrentUser() principal: Principal,
    @Param('message_id', ParseIdPipe) messageId: number,
  ): Promise<void> {
    await this.messages.delete(principal, messageId);
  }

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

  private async isFinished(principal: Principal, turnId: number, isReplay: boolean): Promise<boolean> {
    // A replayed turn may have finished long ago, and then no event comes.
    if (isReplay && (await this.messages.turn(principal, turnId)).turn.finished_at !== null) return true;
    return this.waiter.waitFor(turnId, this.config.engine.sendWaitMs);
  }
}
