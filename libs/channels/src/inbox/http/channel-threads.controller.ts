import { asDownload } from '@app/conversations';
import { ApiProblemsOf, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Controller, Get, Header, HttpCode, Param, Post, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { channelNotFound } from '../../channels/channels.errors';
import { aiNotStopped, fileNotFound, threadNotFound, withTeam } from '../inbox.errors';
import { ChannelThreads } from '../channel-threads.service';

@ApiTags('channels')
@ApiBearerAuth()
@Controller('channels/:channel_id')
export class ChannelThreadsController {
  constructor(private readonly threads: ChannelThreads) {}

  @Post('threads/:conversation_id/resume')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Let the AI answer again after somebody has written from another program',
    description:
      'Such a message, from the business’s own app, stops the AI in that conversation (`settings.stop_ai_on_echo`).',
  })
  @ApiNoContentResponse({ description: 'It answers from the next message on.' })
  @ApiProblemsOf(threadNotFound(12), channelNotFound(7), aiNotStopped(12), withTeam(12))
  async resume(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) channelId: number,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
  ): Promise<void> {
    await this.threads.resume(principal, channelId, conversationId);
  }

  @Get('files/:file_id')
  @Header('content-security-policy', "default-src 'none'; sandbox")
  @Header('x-content-type-options', 'nosniff')
  @Header('cache-control', 'private, no-store')
  @ApiOperation({
    summary: 'Get a file that somebody has sent, such as a voice message',
    description: 'Its message names it. Pictures are part of their messages instead.',
  })
  @ApiOkResponse({
    description: 'The file, as it was sent.',
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  })
  @ApiProblemsOf(fileNotFound(3), channelNotFound(7))
  async file(
    @CurrentUser() principal: Principal,
    @Param('channel_id', ParseIdPipe) channelId: number,
    @Param('file_id', ParseIdPipe) id: number,
  ): Promise<StreamableFile> {
    const { content, ...file } = await this.threads.file(principal, channelId, id);
    return asDownload(file, content);
  }
}
