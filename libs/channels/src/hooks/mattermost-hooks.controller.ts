import { ApiProblemsOf, Public } from '@app/platform';
import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HookDoor } from './hook-door';
import { notSigned } from './hooks.errors';

const ChannelParam = ApiParam({ name: 'channel_id', schema: { type: 'integer', minimum: 1 } });
const HookBody = ApiBody({ required: true, schema: { type: 'object', additionalProperties: true } });
const STORED = { description: 'It is stored; nothing is posted in answer to the hook itself.' };
const ANSWERED = {
  description: 'What the person is shown at once; an answer that takes longer is sent afterwards.',
  schema: {
    type: 'object',
    properties: {
      response_type: { type: 'string', enum: ['ephemeral', 'in_channel'] },
      text: { type: 'string' },
    },
  },
} as const;
const COMMON = 'Without a number it is for the channel whose token it has, if that is one only.';

/** Where Mattermost tells of posts that begin with a trigger word, and of commands. It has no login: whoever has a channel's token speaks for its server. */
@ApiTags('channel hooks')
@Public()
@Controller('webhooks/mattermost')
export class MattermostHooksController {
  constructor(private readonly door: HookDoor) {}

  @Post('outgoing')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'take_mattermost_outgoing',
    summary: 'Mattermost tells of a post (outgoing webhook)',
    description: `With the webhook's token, as a form or as JSON. ${COMMON}`,
  })
  @HookBody
  @ApiOkResponse(STORED)
  @ApiProblemsOf(notSigned())
  async outgoing(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.door.take('mattermost', request, reply, undefined, 'outgoing');
  }

  @Post(':channel_id/outgoing')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'take_mattermost_outgoing_of_channel',
    summary: 'Mattermost tells of a post (outgoing webhook), for one channel',
  })
  @ChannelParam
  @HookBody
  @ApiOkResponse(STORED)
  @ApiProblemsOf(notSigned())
  async outgoingForOne(
    @Param('channel_id') channelId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.door.take('mattermost', request, reply, channelId, 'outgoing');
  }

  @Post('command')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'take_mattermost_command',
    summary: 'Somebody has entered the slash command at Mattermost',
    description: `With the command's token. ${COMMON}`,
  })
  @HookBody
  @ApiOkResponse(ANSWERED)
  @ApiProblemsOf(notSigned())
  command(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | undefined> {
    return this.door.take('mattermost', request, reply, undefined, 'command');
  }

  @Post(':channel_id/command')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'take_mattermost_command_of_channel',
    summary: 'Somebody has entered the slash command at Mattermost, for one channel',
  })
  @ChannelParam
  @HookBody
  @ApiOkResponse(ANSWERED)
  @ApiProblemsOf(notSigned())
  commandForOne(
    @Param('channel_id') channelId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | undefined> {
    return this.door.take('mattermost', request, reply, channelId, 'command');
  }
}
