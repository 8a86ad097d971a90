import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ExperimentReportResponse } from './experiment-report.response';
import { ExperimentReportsService } from './experiment-reports.service';

@ApiTags('personas')
@ApiBearerAuth()
@Controller('personas/:persona_id/experiments')
export class ExperimentReportsController {
  constructor(private readonly reports: ExperimentReportsService) {}

  @Get(':experiment_id')
  @ApiOperation({
    summary: 'Read an experiment with its results',
    description:
      'What each version cost, how fast it was, and what people thought of it. `a` and `b` add up to `total`, and `total` to the usage ledger.',
  })
  @ApiOkResponse({ type: ExperimentReportResponse })
  @ApiProblems(403, 404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('persona_id', ParseIdPipe) personaId: number,
    @Param('experiment_id', ParseIdPipe) experimentId: number,
  ): Promise<ExperimentReportResponse> {
    const { experiment, report } = await this.reports.get(principal, personaId, experimentId);
    return ExperimentReportResponse.fromReport(experiment, report);
  }
}
