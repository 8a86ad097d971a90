import { ApiProblems, CurrentUser, ParseIdPipe, type Principal, RateLimit } from '@app/platform';
import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ListRemoteItemsQueryDto, RemoteConversationResponse, RemoteItemListResponse } from './openai-conversation.dto';
import { OpenAiConversationService } from './openai-conversation.service';

@ApiTags('conversations')
@ApiBearerAuth()
// Each of these makes requests to the model API, as a message does.
@RateLimit('send')
@Controller('chat/conversations/:conversation_id/openai')
export class OpenAiConversationController {
  constructor(private readonly remotes: OpenAiConversationService) {}

  @Get()
  @ApiOperation({ summary: 'What the upstream keeps of a conversation' })
  @ApiOkResponse({ type: RemoteConversationResponse })
  @ApiProblems(403, 404, 409, 502)
  async get(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
  ): Promise<RemoteConversationResponse> {
    return RemoteConversationResponse.from(await this.remotes.describe(principal, conversationId));
  }

  @Get('items')
  @ApiOperation({ summary: 'List the items that the upstream keeps of a conversation, oldest first' })
  @ApiOkResponse({ type: RemoteItemListResponse })
  @ApiProblems(403, 404, 409, 502)
  async items(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
    @Query() query: ListRemoteItemsQueryDto,
  ): Promise<RemoteItemListResponse> {
    const page = { limit: query.limit ?? 20, after: query.after };
    return RemoteItemListResponse.from(await this.remotes.items(principal, conversationId, page));
  }

  @Post()
  @ApiOperation({ summary: 'Make a new copy at the upstream of the history here, in place of the one before' })
  @ApiCreatedResponse({ type: RemoteConversationResponse })
  @ApiProblems(403, 404, 409, 502)
  async rebuild(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
  ): Promise<RemoteConversationResponse> {
    return RemoteConversationResponse.from(await this.remotes.rebuild(principal, conversationId));
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete what the upstream keeps of a conversation; the history here stays' })
  @ApiNoContentResponse({ description: 'It is gone, or will be as soon as the upstream can be reached.' })
  @ApiProblems(403, 404)
  async remove(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
  ): Promise<void> {
    await this.remotes.remove(principal, conversationId);
  }
}
