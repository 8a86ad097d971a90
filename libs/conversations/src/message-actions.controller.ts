import { ApiProblems, CurrentUser, ParseIdPipe, RateLimit, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EditMessageDto, FeedbackDto } from './dto/message.dto';
import { toStoredImage } from './dto/message-image.dto';
import { FeedbackResponse, MessageResponse, SiblingsResponse } from './dto/message.response';
import { MessagesService } from './messages.service';
import { idempotencyKeyOf } from './send-headers';
import { AnswersWithTurn } from './turn-api-docs';
import { TurnChangesService, type TurnRequest } from './turn-changes.service';
import { type TurnAnswer, TurnResponder } from './turn-responder';

@ApiTags('messages')
@ApiBearerAuth()
@Controller('chat/messages')
export class MessageActionsController {
  constructor(
    private readonly messages: MessagesService,
    private readonly changes: TurnChangesService,
    private readonly responder: TurnResponder,
  ) {}

  @Put(':message_id')
  @RateLimit('send')
  @ApiOperation({
    summary: 'Edit a user message and go on from there',
    description:
      'The new text becomes a message of its own, and is answered as if what followed the old one had not been said. The old branch stays; its messages ' +
      'have `is_current: false`. Replies to it that are still being written are cancelled. Answers like a send.',
  })
  @AnswersWithTurn()
  @ApiProblems(403, 404, 409)
  async edit(
    @CurrentUser() principal: Principal,
    @Param('message_id', ParseIdPipe) messageId: number,
    @Body() body: EditMessageDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TurnAnswer> {
    const made = await this.changes.edit(
      principal,
      messageId,
      { content: body.content, images: body.images?.map(toStoredImage) },
      this.turnRequest(principal, request),
    );
    return this.responder.respond(principal, made, request, reply);
  }

  @Post(':message_id/regenerate')
  @HttpCode(200)
  @RateLimit('send')
  @ApiOperation({
    summary: 'Get another reply to the same message',
    description:
      'Takes the id of a reply, or of the user message. The other replies are kept (GET /chat/messages/{message_id}/siblings); the latest one that worked ' +
      'counts for what follows. Answers like a send.',
  })
  @AnswersWithTurn()
  @ApiProblems(403, 404, 409)
  async regenerate(
    @CurrentUser() principal: Principal,
    @Param('message_id', ParseIdPipe) messageId: number,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TurnAnswer> {
    const made = await this.changes.regenerate(principal, messageId, this.turnRequest(principal, request));
    return this.responder.respond(principal, made, request, reply);
  }

  @Get(':message_id/siblings')
  @ApiOperation({ summary: 'Alternatives of a message: replies to the same message, or edits of it' })
  @ApiOkResponse({ type: SiblingsResponse })
  @ApiProblems(403, 404)
  async siblings(
    @CurrentUser() principal: Principal,
    @Param('message_id', ParseIdPipe) messageId: number,
  ): Promise<SiblingsResponse> {
    const rows = await this.messages.siblings(principal, messageId);
    return { messages: rows.map((row) => MessageResponse.from(row)) };
  }

  @Post(':message_id/feedback')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say what you think of a reply; the last opinion counts' })
  @ApiOkResponse({ type: FeedbackResponse })
  @ApiProblems(403, 404, 409)
  async rate(
    @CurrentUser() principal: Principal,
    @Param('message_id', ParseIdPipe) messageId: number,
    @Body() body: FeedbackDto,
  ): Promise<FeedbackResponse> {
    return FeedbackResponse.from(await this.messages.rate(principal, messageId, body.rating, body.comment ?? null));
  }

  @Delete(':message_id/feedback')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take an opinion back' })
  @ApiNoContentResponse({ description: 'There is none any more.' })
  @ApiProblems(403, 404)
  async takeRatingBack(
    @CurrentUser() principal: Principal,
    @Param('message_id', ParseIdPipe) messageId: number,
  ): Promise<void> {
    await this.messages.takeRatingBack(principal, messageId);
  }

  private turnRequest(principal: Principal, request: FastifyRequest): TurnRequest {
    return {
      idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
      correlationId: String(request.id),
      isWatched: this.responder.wantsEvents(principal, request),
    };
  }
}
