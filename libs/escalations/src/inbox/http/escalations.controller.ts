import { asDownload, idempotencyKeyOf, MessageListResponse, TakesIdempotencyKey } from '@app/conversations';
import { ApiProblems, CurrentUser, decodeCursor, ParseIdPipe, type Principal } from '@app/platform';
import {
  Body,
  Controller,
  Get,
  Header,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  type StreamableFile,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { DraftJobs } from '../draft-jobs.service';
import { EscalationStarts } from '../escalation-starts.service';
import { HandOvers } from '../hand-overs.service';
import { InboxService } from '../inbox.service';
import {
  AgentReplyDto,
  AssignDto,
  EndEscalationDto,
  EscalationMessagesQueryDto,
  ListEscalationsQueryDto,
  NoteDto,
  StartEscalationDto,
  TagsDto,
  TransferDto,
} from './inbox.dto';
import {
  AgentReplyResponse,
  EscalationDetailResponse,
  EscalationListResponse,
  EscalationResponse,
} from './inbox.response';

/** The inbox of a workspace's team. */
@ApiTags('escalations')
@ApiBearerAuth()
@Controller('escalations')
export class EscalationsController {
  constructor(
    private readonly inbox: InboxService,
    private readonly starts: EscalationStarts,
    private readonly handOvers: HandOvers,
    private readonly drafts: DraftJobs,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List what people are to take over, or have taken, in a workspace of whose team you are' })
  @ApiOkResponse({ type: EscalationListResponse })
  @ApiProblems(403)
  async list(
    @CurrentUser() principal: Principal,
    @Query() query: ListEscalationsQueryDto,
  ): Promise<EscalationListResponse> {
    const { cursor } = query;
    const filter = {
      workspaceId: query.workspace_id,
      status: query.status,
      assignedTo: assigneeOf(query.assigned_to, principal),
      skill: query.skill,
      tag: query.tag,
      reason: query.reason,
      isOverdue: query.overdue,
      conversationId: query.conversation_id,
      limit: query.limit ?? 50,
    };
    const page =
      query.order === 'queue'
        ? await this.inbox.queue(principal, filter, cursor)
        : await this.inbox.list(principal, filter, cursor === undefined ? undefined : decodeCursor(cursor));
    return {
      escalations: page.items.map((escalation) => EscalationResponse.from(escalation)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }

  @Post()
  @ApiOperation({
    summary: 'Ask for a person in a conversation',
    description: 'In your own; or as somebody of the team, in one with a visitor. The customer is told.',
  })
  @ApiCreatedResponse({ type: EscalationResponse })
  @ApiProblems(403, 404, 409)
  async start(@CurrentUser() principal: Principal, @Body() body: StartEscalationDto): Promise<EscalationResponse> {
    return EscalationResponse.from(await this.starts.ask(principal, body.conversation_id, body.reason ?? null));
  }

  @Get(':escalation_id')
  @ApiOperation({ summary: 'Read an escalation: why, what happened, and a draft if there is one' })
  @ApiOkResponse({ type: EscalationDetailResponse })
  @ApiProblems(404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('escalation_id', ParseIdPipe) id: number,
  ): Promise<EscalationDetailResponse> {
    return EscalationDetailResponse.of(await this.inbox.details(principal, id));
  }

  @Get(':escalation_id/messages')
  @ApiOperation({
    summary: 'Read what was said: the newest page, or before/after a seq',
    description: 'Up to its end: what the customer and the AI say afterwards is not shown here.',
  })
  @ApiOkResponse({ type: MessageListResponse })
  @ApiProblems(404)
  async messages(
    @CurrentUser() principal: Principal,
    @Param('escalation_id', ParseIdPipe) id: number,
    @Query() { limit = 50, before_seq: beforeSeq, after_seq: afterSeq }: EscalationMessagesQueryDto,
  ): Promise<MessageListResponse> {
    return MessageListResponse.from(
      await this.inbox.messagesOf(principal, id, { limit, beforeSeq, afterSeq }),
      afterSeq !== undefined,
    );
  }

  @Get(':escalation_id/files/:file_id')
  @Header('content-security-policy', "default-src 'none'; sandbox")
  @Header('x-content-type-options', 'nosniff')
  @Header('cache-control', 'private, no-store')
  @ApiOperation({
    summary: 'Get a file that the customer has sent through a channel, such as a voice message',
    description: 'Of the messages that can be read here; its message names it. Pictures are part of their messages.',
  })
  @ApiOkResponse({
    description: 'The file, as it was sent.',
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  })
  @ApiProblems(404)
  async file(
    @CurrentUser() principal: Principal,
    @Param('escalation_id', ParseIdPipe) id: number,
    @Param('file_id', ParseIdPipe) fileId: number,
  ): Promise<StreamableFile> {
    const { content, ...file } = await this.inbox.fileOf(principal, id, fileId);
    return asDownload(file, content);
  }

  @Post(':escalation_id/claim')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take it: from now on you answer, and no model does',
    description:
      'What a model is writing at this moment is thrown away (and paid for). 409 `ESCALATION.TAKEN`: somebody else has it.',
  })
  @ApiOkResponse({ type: EscalationResponse })
  @ApiProblems(404, 409)
  async claim(
    @CurrentUser() principal: Principal,
    @Param('escalation_id', ParseIdPipe) id: number,
  ): Promise<EscalationResponse> {
    return EscalationResponse.from(await this.handOvers.claim(principal, id));
  }

  @Post(':escalation_id/assign')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Say who is to take one that is open',
    description: 'The conversation is theirs when they claim it.',
  })
  @ApiOkResponse({ type: EscalationResponse })
  @ApiProblems(404, 409)
  async assign(
    @CurrentUser() principal: Principal,
    @Param('escalation_id', ParseIdPipe) id: number,
    @Body() body: AssignDto,
  ): Promise<EscalationResponse> {
    return EscalationResponse.from(await this.handOvers.assign(principal, id, body.user_id ?? null));
  }

  @Post(':escalation_id/transfer')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Hand on what you have',
    description:
      'To somebody, or without `user_id` back to the queue, from where it is assigned to somebody else than who had it. The conversation stays with people: no model answers meanwhile. Owners hand on what others have.',
  })
  @ApiOkResponse({ type: EscalationResponse })
  @ApiProblems(404, 409)
  async transfer(
    @CurrentUser() principal: Principal,
    @Param('escalation_id', ParseIdPipe) id: number,
    @Body() body: TransferDto,
  ): Promise<EscalationResponse> {
    const to = { userId: body.user_id ?? null, skill: body.skill ?? null, note: body.note ?? null };
    return EscalationResponse.from(await this.handOvers.transfer(principal, id, to));
  }

  @Post(':escalation_id/replies')
  @ApiOperation({ summary: 'Say something to the customer', description: 'It is a message with the role `agent`.' })
  @TakesIdempotencyKey()
  @ApiCreatedResponse({ type: AgentReplyResponse })
  @ApiProblems(404, 409)
  async reply(
    @CurrentUser() principal: Principal,
    @Param('escalation_id', ParseIdPipe) id: number,
    @Body() { content }: AgentReplyDto,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<AgentReplyResponse> {
    const { messageId, seq } = await this.handOvers.reply(principal, id, content, idempotencyKeyOf(key));
    return { message_id: messageId, seq };
  }

  @Post(':escalation_id/notes')
  @ApiOperation({ summary: 'Write something down for the team; the customer never sees it' })
  @ApiCreatedResponse({ type: EscalationDetailResponse })
  @ApiProblems(404)
  async note(
    @CurrentUser() principal: Principal,
    @Param('escalation_id', ParseIdPipe) id: number,
    @Body() { content }: NoteDto,
  ): Promise<EscalationDetailResponse> {
    await this.handOvers.note(principal, id, content);
    return this.get(principal, id);
  }

  @Put(':escalation_id/tags')
  @ApiOperation({ summary: 'Set its tags' })
  @ApiOkResponse({ type: EscalationResponse })
  @ApiProblems(404)
  async tag(
    @CurrentUser() principal: Principal,
    @Param('escalation_id', ParseIdPipe) id: number,
    @Body() { tags }: TagsDto,
  ): Promise<EscalationResponse> {
    return EscalationResponse.from(await this.handOvers.tag(principal, id, tags));
  }

  @Post(':escalation_id/draft')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Have a model sum it up and suggest a reply, anew',
    description:
      'It is done once by itself at the beginning. `summary` and `suggested_reply` have it when it is there; sockets of the team are told.',
  })
  @ApiAcceptedResponse({ type: EscalationDetailResponse, description: 'As it is now; the draft is being written.' })
  @ApiProblems(404)
  async draft(
    @CurrentUser() principal: Principal,
    @Param('escalation_id', ParseIdPipe) id: number,
  ): Promise<EscalationDetailResponse> {
    const details = await this.inbox.details(principal, id);
    this.drafts.ask(id);
    return EscalationDetailResponse.of(details);
  }

  @Post(':escalation_id/resolve')
  @HttpCode(200)
  @ApiOperation({
    summary: 'It is done',
    description:
      'The customer is told, and asked how it was where the rules say so. What they write later is answered by the AI, which does not take the old case up again.',
  })
  @ApiOkResponse({ type: EscalationResponse })
  @ApiProblems(404, 409)
  async resolve(
    @CurrentUser() principal: Principal,
    @Param('escalation_id', ParseIdPipe) id: number,
    @Body() { note }: EndEscalationDto,
  ): Promise<EscalationResponse> {
    return EscalationResponse.from(await this.handOvers.resolve(principal, id, note ?? null));
  }

  @Post(':escalation_id/return')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Give it back to the AI',
    description: 'The customer is told. The AI begins anew: it is not told what was said before.',
  })
  @ApiOkResponse({ type: EscalationResponse })
  @ApiProblems(404, 409)
  async giveBack(
    @CurrentUser() principal: Principal,
    @Param('escalation_id', ParseIdPipe) id: number,
    @Body() { note }: EndEscalationDto,
  ): Promise<EscalationResponse> {
    return EscalationResponse.from(await this.handOvers.giveBack(principal, id, note ?? null));
  }
}

const assigneeOf = (value: string | undefined, { userId }: Principal): number | undefined => {
  if (value === undefined) return undefined;
  if (value === 'me') return userId;
  return value === 'none' ? 0 : Number(value);
};
