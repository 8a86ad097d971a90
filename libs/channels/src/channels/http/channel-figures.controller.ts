import { ApiProblemsOf, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChannelFigures } from '../channel-figures.service';
import { channelNotFound } from '../channels.errors';
import { ChannelFiguresQueryDto } from './channel-figures.dto';
import { ChannelFiguresResponse } from './channel-figures.response';

@ApiTags('channels')
@ApiBearerAuth()
@Controller('channels/:channel_id/metrics')
export class ChannelFiguresController {
  constructor(private readonly figures: ChannelFigures) {}

  @Get()
  @ApiOperation({
    summary: 'How a channel does: what came, what went, what waits, what was given up, how long it took',
  })
  @ApiOkResponse({ type: ChannelFiguresResponse })
  @ApiProblemsOf(channelNotFound(7))
  async get(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) id: number,
    @Query() query: ChannelFiguresQueryDto,
  ): Promise<ChannelFiguresResponse> {
    return ChannelFiguresResponse.from(await this.figures.of(principal, id, query.hours ?? 24));
  }
}
