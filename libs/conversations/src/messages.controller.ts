import { ApiProblems, CurrentUser, ParseIdPipe, RateLimit, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ListMessagesQueryDto, SendMessageDto } from './dto/message.dto';
import { toStoredImage } from './dto/message-image.dto';
import { MessageListResponse } from './dto/message.response';
import { SystemNoteResponse } from './dto/summary.response';
import { MessageIntakeService } from './message-intake.service';
import { MessagesService } from './messages.service';
import { idempotencyKeyOf } from './send-headers';
import { SummariesService } from './summaries.service';
import { AnswersWithTurn } from './turn-api-docs';
import { type TurnAnswer, TurnResponder } from './turn-responder';

@ApiTags('messages')
@ApiBearerAuth()
@Controller('chat')
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly intake: MessageIntakeService,
    private readonly summaries: SummariesService,
    private readonly responder: TurnResponder,
  ) {}

  @Post('conversations/:conversation_id/send')
  @HttpCode(200)
  @RateLimit('send')
  @ApiOperation({
    summary: 'Send a message and get the reply',
    description:
      'Waits for the reply (60 s by default) and returns both messages. When it takes longer, or with `Prefer: respond-async`, the answer is 202 with ' +
      'the turn; ask for it with GET /chat/turns/{turn_id}. With `Accept: text/event-stream` the reply is streamed. A 2xx means that the message is ' +
      'stored and will be answered.',
  })
  @AnswersWithTurn()
  @ApiProblems(403, 404, 409)
  async send(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
    @Body() body: SendMessageDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TurnAnswer> {
    const isWatched = this.responder.wantsEvents(principal, request);
    const made = await this.intake.acceptMessage(principal, {
      conversationId,
      content: body.content,
      images: body.images?.map(toStoredImage),
      idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
      correlationId: String(request.id),
      isWatched,
    });
    return this.responder.respond(principal, made, request, reply);
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
    const page = await this.messages.list(principal, conversationId, {
      limit: query.limit ?? 50,
      beforeSeq: query.before_seq,
      afterSeq: query.after_seq,
      isCurrentOnly: query.current,
    });
    return {
      ...MessageListResponse.from(page, query.after_seq !== undefined),
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
}
