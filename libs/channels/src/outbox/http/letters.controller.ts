import { ApiProblemsOf, CurrentUser, decodeCursor, ParseIdPipe, type Principal } from '@app/platform';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { channelNotFound } from '../../channels/channels.errors';
import { letterNotFound } from '../letters.service';
import { Letters } from '../letters.service';
import { ListLettersQueryDto, OutgoingMessageListResponse, OutgoingMessageResponse } from './letters.dto';

@ApiTags('channels')
@ApiBearerAuth()
@Controller('channels/:channel_id/outbox')
export class LettersController {
  constructor(private readonly letters: Letters) {}

  @Get()
  @ApiOperation({
    summary: 'List what a channel has sent, or could not send, newest first',
    description: 'Without the texts: those are in the conversation. 90 days back.',
  })
  @ApiOkResponse({ type: OutgoingMessageListResponse })
  @ApiProblemsOf(channelNotFound(7))
  async list(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) channelId: number,
    @Query() query: ListLettersQueryDto,
  ): Promise<OutgoingMessageListResponse> {
    const page = await this.letters.list(principal, channelId, {
      isDeadOnly: query.status === 'dead',
      limit: query.limit ?? 50,
      ...(query.cursor === undefined ? {} : { beforeId: decodeCursor(query.cursor) }),
    });
    return {
      messages: page.items.map((letter) => OutgoingMessageResponse.from(letter)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }

  @Post(':outbox_id/retry')
  @HttpCode(204)
  @ApiOperation({ summary: 'Send a message again that was given up, or came back' })
  @ApiNoContentResponse({ description: 'It is sent soon.' })
  @ApiProblemsOf(letterNotFound(3), channelNotFound(7))
  async retry(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) channelId: number,
    @Param('outbox_id', ParseIdPipe) id: number,
  ): Promise<void> {
    await this.letters.retry(principal, channelId, id);
  }
}
