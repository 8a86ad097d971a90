import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ConversationSummaryResponse, SummaryAnswerResponse } from './dto/summary.response';
import { SummariesService } from './summaries.service';

@ApiTags('conversations')
@ApiBearerAuth()
@Controller('chat/conversations')
export class SummariesController {
  constructor(private readonly summaries: SummariesService) {}

  @Get(':conversation_id/summary')
  @ApiOperation({ summary: 'For debugging: what the model is told about the part that is not sent along any more' })
  @ApiOkResponse({ type: SummaryAnswerResponse })
  @ApiProblems(403, 404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('conversation_id', ParseIdPipe) conversationId: number,
  ): Promise<SummaryAnswerResponse> {
    const row = await this.summaries.get(principal, conversationId);
    return { summary: row === null ? null : ConversationSummaryResponse.from(row) };
  }
}
