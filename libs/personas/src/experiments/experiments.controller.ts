import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ListExperimentsQueryDto, StartExperimentDto, StopExperimentDto } from './dto/experiment.dto';
import { ExperimentListResponse, ExperimentResponse } from './dto/experiment.response';
import { ExperimentsService } from './experiments.service';

@ApiTags('personas')
@ApiBearerAuth()
@ApiProblems(404)
@Controller('personas/:persona_id/experiments')
export class ExperimentsController {
  constructor(private readonly experiments: ExperimentsService) {}

  @Post()
  @ApiOperation({
    summary: 'Compare two versions of a persona',
    description:
      'From now on a conversation that begins gets one of the two by chance and keeps it until the experiment is stopped. Conversations that have ' +
      'begun before go on with the published version. One experiment runs at a time.',
  })
  @ApiCreatedResponse({ type: ExperimentResponse })
  @ApiProblems(403, 409)
  async start(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Body() body: StartExperimentDto,
  ): Promise<ExperimentResponse> {
    const experiment = await this.experiments.start(principal, personaId, {
      name: body.name,
      versionA: body.version_a,
      versionB: body.version_b,
      shareB: body.share_b ?? 50,
    });
    return ExperimentResponse.from(experiment);
  }

  @Get()
  @ApiOperation({ summary: 'List the experiments of a persona, newest first' })
  @ApiOkResponse({ type: ExperimentListResponse })
  async list(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Query() query: ListExperimentsQueryDto,
  ): Promise<ExperimentListResponse> {
    const page = await this.experiments.list(principal, personaId, { limit: query.limit ?? 50, cursor: query.cursor });
    return ExperimentListResponse.from(page);
  }

  @Post(':experiment_id/stop')
  @HttpCode(200)
  @ApiOperation({
    summary: 'End an experiment',
    description:
      'A body is not needed. From the next turn on everybody gets the published version: that of the winner, when `publish` names one.',
  })
  @ApiBody({ type: StopExperimentDto, required: false })
  @ApiOkResponse({ type: ExperimentResponse })
  @ApiProblems(403, 409)
  async stop(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Param('experiment_id', ParseIdPipe) experimentId: number,
    @Body() body: StopExperimentDto,
  ): Promise<ExperimentResponse> {
    return ExperimentResponse.from(await this.experiments.stop(principal, personaId, experimentId, body.publish));
  }
}
