import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ConversationsService } from './conversations.service';
import { CreateConversationDto, ListConversationsQueryDto, UpdateConversationDto } from './dto/conversation.dto';
import {
  ConversationListItemResponse,
  ConversationListResponse,
  ConversationResponse,
} from './dto/conversation.response';

@ApiTags('conversations')
@ApiBearerAuth()
@Controller('chat/conversations')
export class ConversationsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Post()
  @ApiOperation({ summary: 'Start a conversation with a persona' })
  @ApiCreatedResponse({ type: ConversationResponse })
  @ApiProblems(404)
  async create(
    @CurrentUser() principal: Principal,
    @Body() body: CreateConversationDto,
  ): Promise<ConversationResponse> {
    return ConversationResponse.from(await this.conversations.start(principal, body.persona_id, body.title ?? null));
  }

  @Get()
  @ApiOperation({ summary: 'List your conversations, the most recently used first' })
  @ApiOkResponse({ type: ConversationListResponse })
  async list(
    @CurrentUser() principal: Principal,
    @Query() query: ListConversationsQueryDto,
  ): Promise<ConversationListResponse> {
    const page = await this.conversations.list(principal, {
      personaId: query.persona_id,
      limit: query.limit ?? 50,
      cursor: query.cursor,
    });
    return {
      conversations: page.rows.map((row) => ConversationListItemResponse.fromListRow(row)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }

  @Get(':conversation_id')
  @ApiOperation({ summary: 'Read a conversation' })
  @ApiOkResponse({ type: ConversationResponse })
  @ApiProblems(403, 404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
  ): Promise<ConversationResponse> {
    return ConversationResponse.from(await this.conversations.get(principal, conversationId));
  }

  @Put(':conversation_id')
  @ApiOperation({ summary: 'Rename a conversation, change its persona, close or reopen it' })
  @ApiOkResponse({ type: ConversationResponse })
  @ApiProblems(403, 404, 409)
  async update(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
    @Body() body: UpdateConversationDto,
  ): Promise<ConversationResponse> {
    const changes = { title: body.title, personaId: body.persona_id, isActive: body.is_active };
    return ConversationResponse.from(await this.conversations.update(principal, conversationId, changes));
  }

  @Delete(':conversation_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Erase a conversation and its messages' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(403, 404)
  async delete(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
  ): Promise<void> {
    await this.conversations.delete(principal, conversationId);
  }
}
