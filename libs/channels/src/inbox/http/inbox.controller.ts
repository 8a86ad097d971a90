import { ApiProblemsOf, CurrentUser, decodeCursor, ParseIdPipe, type Principal } from '@app/platform';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { channelNotFound } from '../../channels/channels.errors';
import { letterNotDead, letterNotFound } from '../inbox.errors';
import { InboxLetters } from '../inbox-letters.service';
import { IncomingItemListResponse, IncomingItemResponse, ListInboxQueryDto } from './inbox.dto';

@ApiTags('channels')
@ApiBearerAuth()
@Controller('channels/:channel_id/inbox')
export class InboxController {
  constructor(private readonly letters: InboxLetters) {}

  @Get()
  @ApiOperation({
    summary: 'List what came in through a channel, newest first',
    description: 'Without the texts: those are in the conversations. What is settled or given up stays for 30 days.',
  })
  @ApiOkResponse({ type: IncomingItemListResponse })
  @ApiProblemsOf(channelNotFound(7))
  async list(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) channelId: number,
    @Query() query: ListInboxQueryDto,
  ): Promise<IncomingItemListResponse> {
    const page = await this.letters.list(principal, channelId, {
      isDeadOnly: query.status === 'dead',
      limit: query.limit ?? 50,
      ...(query.cursor === undefined ? {} : { beforeId: decodeCursor(query.cursor) }),
    });
    return {
      items: page.items.map((letter) => IncomingItemResponse.from(letter)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }

  @Post(':inbox_id/retry')
  @HttpCode(204)
  @ApiOperation({ summary: 'Try again what was given up' })
  @ApiNoContentResponse({ description: 'It is tried soon.' })
  @ApiProblemsOf(letterNotFound(3), channelNotFound(7), letterNotDead(3))
  async retry(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) channelId: number,
    @Param('inbox_id', ParseIdPipe) id: number,
  ): Promise<void> {
    await this.letters.retry(principal, channelId, id);
  }
}
