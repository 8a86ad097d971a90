import { ApiProblems, CurrentUser, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type RulesPlace, RulesService } from '../rules.service';
import { RulesPlaceQueryDto, SaveRulesDto } from './escalation-rules.dto';
import { EscalationRulesResponse } from './rules.response';

const placeOf = (principal: Principal, query: RulesPlaceQueryDto): RulesPlace => ({
  workspaceId: query.workspace_id ?? principal.workspaceId,
  personaId: query.persona_id ?? null,
});

@ApiTags('escalations')
@ApiBearerAuth()
@Controller('escalations/rules')
export class RulesController {
  constructor(private readonly rules: RulesService) {}

  @Get()
  @ApiOperation({
    summary: 'Read when people take over',
    description:
      "What counts: the persona's own rules, else those of its workspace, else those of the installation. For owners of the workspace.",
  })
  @ApiOkResponse({ type: EscalationRulesResponse })
  @ApiProblems(403, 404)
  async get(@CurrentUser() principal: Principal, @Query() query: RulesPlaceQueryDto): Promise<EscalationRulesResponse> {
    return EscalationRulesResponse.from(await this.rules.get(principal, placeOf(principal, query)));
  }

  @Put()
  @ApiOperation({
    summary: 'Say when people take over',
    description:
      'What is left out gets its default. It counts at once, in all processes within seconds. Try rules first with POST /escalations/rules/backtest.',
  })
  @ApiOkResponse({ type: EscalationRulesResponse })
  @ApiProblems(403, 404, 409)
  async save(
    @CurrentUser() principal: Principal,
    @Query() query: RulesPlaceQueryDto,
    @Body() body: SaveRulesDto,
  ): Promise<EscalationRulesResponse> {
    const { is_enabled, ...rules } = body;
    return EscalationRulesResponse.from(
      await this.rules.save(principal, placeOf(principal, query), is_enabled ?? true, rules),
    );
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove rules: what is more general counts again' })
  @ApiNoContentResponse({ description: 'They are gone.' })
  @ApiProblems(403, 404)
  async remove(@CurrentUser() principal: Principal, @Query() query: RulesPlaceQueryDto): Promise<void> {
    await this.rules.remove(principal, placeOf(principal, query));
  }
}
