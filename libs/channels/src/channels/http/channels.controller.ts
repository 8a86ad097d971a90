import {
  ApiProblems,
  ApiProblemsOf,
  CurrentUser,
  decodeCursor,
  ParseIdPipe,
  type Principal,
  RateLimit,
} from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ChannelChecks } from '../channel-checks.service';
import {
  accountFixed,
  channelExists,
  channelNotFound,
  credentialsUnreadable,
  tooManyChannels,
} from '../channels.errors';
import { ChannelsService, MAX_CHANNELS } from '../channels.service';
import { ChangeChannelDto, CreateChannelDto, ListChannelsQueryDto } from './channel.dto';
import { ChannelCheckResponse, ChannelListResponse, ChannelResponse } from './channel.response';
import { toSettings } from './channel-settings.dto';

@ApiTags('channels')
@ApiBearerAuth()
@Controller('channels')
export class ChannelsController {
  constructor(
    private readonly channels: ChannelsService,
    private readonly checks: ChannelChecks,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Let people of another system, such as WhatsApp, talk with a persona',
    description: 'For owners of the persona’s workspace. docs/channels.md says where the credentials come from.',
  })
  @ApiCreatedResponse({ type: ChannelResponse })
  @ApiProblems(403)
  @ApiProblemsOf(channelExists('whatsapp'), tooManyChannels(MAX_CHANNELS))
  async create(@CurrentUser() principal: Principal, @Body() body: CreateChannelDto): Promise<ChannelResponse> {
    const made = await this.channels.create(principal, {
      type: body.type,
      name: body.name,
      personaId: body.persona_id,
      credentials: body.credentials,
      settings: body.settings === undefined ? undefined : toSettings(body.settings),
      isEnabled: body.is_enabled,
    });
    return ChannelResponse.from(made);
  }

  @Get()
  @ApiOperation({ summary: 'List the channels of a workspace that you own' })
  @ApiOkResponse({ type: ChannelListResponse })
  @ApiProblems(403, 404)
  async list(@CurrentUser() principal: Principal, @Query() query: ListChannelsQueryDto): Promise<ChannelListResponse> {
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    const page = await this.channels.list(principal, query.limit ?? 50, after, query.workspace_id);
    return {
      channels: page.items.map((channel) => ChannelResponse.from(channel)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }

  @Get(':channel_id')
  @ApiOperation({ summary: 'Read a channel' })
  @ApiOkResponse({ type: ChannelResponse })
  @ApiProblemsOf(channelNotFound(7))
  async get(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) id: number,
  ): Promise<ChannelResponse> {
    return ChannelResponse.from(await this.channels.get(principal, id));
  }

  @Patch(':channel_id')
  @ApiOperation({
    summary: 'Change a channel, its settings or its credentials, or switch it off and on',
    description:
      'What is left out stays, also single settings and credentials. It counts in all processes within seconds.',
  })
  @ApiOkResponse({ type: ChannelResponse })
  @ApiProblemsOf(channelNotFound(7), accountFixed())
  async change(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) id: number,
    @Body() body: ChangeChannelDto,
  ): Promise<ChannelResponse> {
    const changed = await this.channels.change(principal, id, {
      name: body.name,
      personaId: body.persona_id,
      credentials: body.credentials,
      settings: body.settings === undefined ? undefined : toSettings(body.settings),
      isEnabled: body.is_enabled,
    });
    return ChannelResponse.from(changed);
  }

  @Delete(':channel_id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Remove a channel with its credentials and people, and what waits to come in or go out',
    description: 'What was said stays in its conversations.',
  })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblemsOf(channelNotFound(7))
  async remove(@CurrentUser() principal: Principal, @Param('channel_id', ParseIdPipe) id: number): Promise<void> {
    await this.channels.remove(principal, id);
  }

  @Post(':channel_id/check')
  @RateLimit('check')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Try a channel out',
    description:
      'Asks the other system with the stored credentials, and says what is missing. Nothing is sent to people.',
  })
  @ApiOkResponse({ type: ChannelCheckResponse })
  @ApiProblemsOf(channelNotFound(7), credentialsUnreadable(7))
  async check(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) id: number,
  ): Promise<ChannelCheckResponse> {
    return ChannelCheckResponse.from(await this.checks.run(principal, id));
  }
}
