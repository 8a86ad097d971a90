import { ApiProblemsOf, Public } from '@app/platform';
import { Controller, Get, Header, HttpCode, Param, Post, Req, Res, type Type } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ChannelType } from '../core/channel';
import { HookDoor } from './hook-door';
import { notSigned, wrongToken } from './hooks.errors';

const ChannelParam = ApiParam({ name: 'channel_id', schema: { type: 'integer', minimum: 1 } });
const HookBody = ApiBody({ required: true, schema: { type: 'object', additionalProperties: true } });
const STORED = { description: 'It is stored.' };
const CHALLENGE = {
  description: 'The challenge, as it was sent.',
  content: { 'text/plain': { schema: { type: 'string' as const } } },
};
const HandshakeQuery: MethodDecorator = (...target) => {
  for (const name of ['hub.mode', 'hub.verify_token', 'hub.challenge']) {
    ApiQuery({ name, required: false, schema: { type: 'string' } })(...target);
  }
};
/** As the other system calls itself. */
const NAMES: Partial<Record<ChannelType, string>> = { whatsapp: 'WhatsApp', instagram: 'Instagram' };
const FOR_ONE = 'At this address it is for this channel only.';

/** Where another system knocks. It has no login: whoever has a channel's secret speaks for its account. */
export function hookControllerOf(type: ChannelType): Type {
  const name = NAMES[type] ?? type;

  @ApiTags('channel hooks')
  @Public()
  @Controller(`webhooks/${type}`)
  class HooksController {
    constructor(private readonly door: HookDoor) {}

    @Post()
    @HttpCode(200)
    @ApiOperation({
      operationId: `take_${type}_hook`,
      summary: `${name} tells what has happened there, such as a message`,
      description: 'Signed with the secret of the channel. 200 means that it is stored; what comes twice counts once.',
    })
    @HookBody
    @ApiOkResponse(STORED)
    @ApiProblemsOf(notSigned())
    take(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<object | undefined> {
      return this.door.take(type, request, reply, undefined);
    }

    @Post(':channel_id')
    @HttpCode(200)
    @ApiOperation({
      operationId: `take_${type}_hook_of_channel`,
      summary: `${name} tells what has happened there, for one channel`,
      description: FOR_ONE,
    })
    @ChannelParam
    @HookBody
    @ApiOkResponse(STORED)
    @ApiProblemsOf(notSigned())
    takeForOne(
      @Param('channel_id') channelId: string,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<object | undefined> {
      return this.door.take(type, request, reply, channelId);
    }

    @Get()
    @Header('content-type', 'text/plain; charset=utf-8')
    @ApiOperation({
      operationId: `shake_hands_with_${type}`,
      summary: `${name} asks whether this address is meant for it`,
    })
    @HandshakeQuery
    @ApiOkResponse(CHALLENGE)
    @ApiProblemsOf(wrongToken())
    shake(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
      return this.door.shake(type, request, reply, undefined);
    }

    @Get(':channel_id')
    @Header('content-type', 'text/plain; charset=utf-8')
    @ApiOperation({
      operationId: `shake_hands_with_${type}_for_channel`,
      summary: `${name} asks whether this address is meant for it, for one channel`,
      description: FOR_ONE,
    })
    @ChannelParam
    @HandshakeQuery
    @ApiOkResponse(CHALLENGE)
    @ApiProblemsOf(wrongToken())
    shakeForOne(
      @Param('channel_id') channelId: string,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<string> {
      return this.door.shake(type, request, reply, channelId);
    }
  }
  return HooksController;
}
