import { ApiProblemsOf, CurrentUser, decodeCursor, PageQueryDto, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { channelNotFound, identityNotFound } from '../channels.errors';
import { IdentitiesService } from '../identities/identities.service';
import { ChangeIdentityDto, ChannelIdentityListResponse, ChannelIdentityResponse } from './identity.dto';

@ApiTags('channels')
@ApiBearerAuth()
@Controller('channels/:channel_id/identities')
export class IdentitiesController {
  constructor(private readonly identities: IdentitiesService) {}

  @Get()
  @ApiOperation({ summary: 'List the people who have written through a channel, newest first' })
  @ApiOkResponse({ type: ChannelIdentityListResponse })
  @ApiProblemsOf(channelNotFound(7))
  async list(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) channelId: number,
    @Query() query: PageQueryDto,
  ): Promise<ChannelIdentityListResponse> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    const page = await this.identities.list(principal, channelId, query.limit ?? 50, before);
    return {
      identities: page.items.map((person) => ChannelIdentityResponse.from(person)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }

  @Get(':identity_id')
  @ApiOperation({ summary: 'Read a person of a channel' })
  @ApiOkResponse({ type: ChannelIdentityResponse })
  @ApiProblemsOf(identityNotFound(12), channelNotFound(7))
  async get(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) channelId: number,
    @Param('identity_id', ParseIdPipe) id: number,
  ): Promise<ChannelIdentityResponse> {
    return ChannelIdentityResponse.from(await this.identities.get(principal, channelId, id));
  }

  @Patch(':identity_id')
  @ApiOperation({ summary: 'Say that a person wants no messages, or wants them again, or which client they are' })
  @ApiOkResponse({ type: ChannelIdentityResponse })
  @ApiProblemsOf(identityNotFound(12), channelNotFound(7))
  async change(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) channelId: number,
    @Param('identity_id', ParseIdPipe) id: number,
    @Body() body: ChangeIdentityDto,
  ): Promise<ChannelIdentityResponse> {
    const change = { isOptedOut: body.is_opted_out, clientId: body.client_id };
    return ChannelIdentityResponse.from(await this.identities.change(principal, channelId, id, change));
  }

  @Delete(':identity_id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Erase a person: their conversations, what waits, and who they are',
    description: 'What it cost stays as numbers. If they write again they are somebody new.',
  })
  @ApiNoContentResponse({ description: 'They are forgotten.' })
  @ApiProblemsOf(identityNotFound(12), channelNotFound(7))
  async erase(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) channelId: number,
    @Param('identity_id', ParseIdPipe) id: number,
  ): Promise<void> {
    await this.identities.erase(principal, channelId, id);
  }
}
