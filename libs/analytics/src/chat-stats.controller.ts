import { ConversationsService } from '@app/conversations';
import { CurrentUser, type Principal } from '@app/platform';
import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChatStatsResponse } from './dto/chat-stats.response';
import { usd } from './reports/present';
import { AllTimeFigures } from './reports/all-time.service';

const MEASURES = ['total_tokens', 'estimated_tokens', 'cost_usd_micros', 'unpriced_calls'] as const;

@ApiTags('analytics')
@ApiBearerAuth()
@Controller('chat/stats')
export class ChatStatsController {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly figures: AllTimeFigures,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Your conversations, messages, tokens and their cost' })
  @ApiOkResponse({ type: ChatStatsResponse })
  async stats(@CurrentUser() principal: Principal): Promise<ChatStatsResponse> {
    const [counts, totals] = await Promise.all([
      this.conversations.countForUser(principal.userId),
      this.figures.sums({ userId: principal.userId }, MEASURES),
    ]);
    return {
      total_conversations: counts.conversations,
      total_messages: counts.messages,
      total_tokens: totals.total_tokens,
      estimated_tokens: totals.estimated_tokens,
      estimated_cost_usd: usd(totals.cost_usd_micros),
      unpriced_calls: totals.unpriced_calls,
    };
  }
}
