import { ApiProblems, CurrentUser, type Principal } from '@app/platform';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { decodeMidway } from '../backtest/backtest-cursor';
import { BacktestService } from '../backtest/backtest.service';
import { RulesService } from '../rules.service';
import { BacktestDto } from './backtest.dto';
import { BacktestResponse } from './backtest.response';

const DEFAULT_MESSAGES = 100_000;
const DEFAULT_HITS = 50;

const instantOf = (text: string | null | undefined): Date | null =>
  text === undefined || text === null ? null : new Date(text);

@ApiTags('escalations')
@ApiBearerAuth()
@Controller('escalations/rules/backtest')
export class BacktestController {
  constructor(
    private readonly backtests: BacktestService,
    private readonly rules: RulesService,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Try rules on what was said before',
    description:
      'Which messages would have brought a person in, and why. Nothing is changed. Looked at are conversations of support chats and other doors for ' +
      'customers, and your own; what members say to personas for themselves is not. For owners of the workspace.',
  })
  @ApiOkResponse({ type: BacktestResponse })
  @ApiProblems(403, 404, 429)
  async run(@CurrentUser() principal: Principal, @Body() body: BacktestDto): Promise<BacktestResponse> {
    return BacktestResponse.from(
      await this.backtests.run(principal, {
        workspaceId: body.workspace_id ?? principal.workspaceId,
        personaId: body.persona_id ?? null,
        rules: body.rules === undefined || body.rules === null ? null : this.rules.complete(body.rules),
        from: instantOf(body.from),
        to: instantOf(body.to),
        maxMessages: body.max_messages ?? DEFAULT_MESSAGES,
        limit: body.limit ?? DEFAULT_HITS,
        after: body.cursor === undefined || body.cursor === null ? undefined : decodeMidway(body.cursor),
      }),
    );
  }
}
