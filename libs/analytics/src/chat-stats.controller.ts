import { LedgerService } from '@app/ai-gateway';
import { ConversationsService } from '@app/conversations';
import { CurrentUser, type Principal } from '@app/platform';
import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChatStatsResponse } from './dto/chat-stats.response';

const MICROS_PER_USD = 1_000_000;

@ApiTags('analytics')
@ApiBearerAuth()
@Controller('chat/stats')
export class ChatStatsController {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly ledger: LedgerService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Your conversations, messages, tokens and their cost' })
  @ApiOkResponse({ type: ChatStatsResponse })
  async stats(@CurrentUser() principal: Principal): Promise<ChatStatsResponse> {
    const [counts, totals] = await Promise.all([
      this.conversations.countForUser(principal.userId),
      this.ledger.totalsForUser(principal.userId),
    ]);
    return {
      total_conversations: counts.conversations,
      total_messages: counts.messages,
      total_tokens: totals.totalTokens,
      estimated_tokens: totals.estimatedTokens,
      estimated_cost_usd: totals.costUsdMicros / MICROS_PER_USD,
      unpriced_calls: totals.unpricedCalls,
    };
  }
}
