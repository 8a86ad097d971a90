import { badInput } from '@app/kernel';
import { ApiProblems, CurrentUser, type Principal } from '@app/platform';
import { Controller, Get, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ConversationsReportResponse } from './dto/conversations.response';
import { CostReportResponse } from './dto/cost.response';
import { ErrorsReportResponse } from './dto/errors.response';
import { LatencyReportResponse } from './dto/latency.response';
import { ReportQueryDto } from './dto/report-query.dto';
import { UsageReportResponse } from './dto/usage.response';
import { ConversationsReport } from './reports/conversations.report';
import { CostReport } from './reports/cost.report';
import { ErrorsReport } from './reports/errors.report';
import { LatencyReport } from './reports/latency.report';
import { ReportAccess } from './reports/report-access';
import { ApiReport, csvFile, wantsCsv } from './reports/report-answer';
import { type ReportRequest, reportRequest } from './reports/report-request';
import { UsageReport } from './reports/usage.report';

@ApiTags('analytics')
@ApiBearerAuth()
@ApiProblems(403, 404)
@Controller('analytics')
export class AnalyticsController {
  constructor(
    private readonly access: ReportAccess,
    private readonly usageReport: UsageReport,
    private readonly costReport: CostReport,
    private readonly latencyReport: LatencyReport,
    private readonly errorsReport: ErrorsReport,
    private readonly conversationsReport: ConversationsReport,
  ) {}

  @Get('usage')
  @ApiOperation({ summary: 'Calls to models and their tokens, over time' })
  @ApiReport(UsageReportResponse)
  async usage(
    @CurrentUser() principal: Principal,
    @Query() query: ReportQueryDto,
    @Req() request: FastifyRequest,
  ): Promise<UsageReportResponse | StreamableFile> {
    const report = await this.usageReport.read(await this.checked(principal, query));
    return wantsCsv(query.format, request.headers.accept) ? csvFile('usage', report) : report;
  }

  @Get('cost')
  @ApiOperation({ summary: 'What calls cost, over time, by day or month, per message' })
  @ApiReport(CostReportResponse)
  async cost(
    @CurrentUser() principal: Principal,
    @Query() query: ReportQueryDto,
    @Req() request: FastifyRequest,
  ): Promise<CostReportResponse | StreamableFile> {
    const report = await this.costReport.read(await this.checked(principal, query));
    return wantsCsv(query.format, request.headers.accept) ? csvFile('cost', report) : report;
  }

  @Get('latency')
  @ApiOperation({ summary: 'How long calls waited, took to the first token, and took in all' })
  @ApiReport(LatencyReportResponse)
  async latency(
    @CurrentUser() principal: Principal,
    @Query() query: ReportQueryDto,
    @Req() request: FastifyRequest,
  ): Promise<LatencyReportResponse | StreamableFile> {
    const report = await this.latencyReport.read(await this.checked(principal, query));
    return wantsCsv(query.format, request.headers.accept) ? csvFile('latency', report) : report;
  }

  @Get('errors')
  @ApiOperation({ summary: 'Which calls failed, why, and how many were repeated' })
  @ApiReport(ErrorsReportResponse)
  async errors(
    @CurrentUser() principal: Principal,
    @Query() query: ReportQueryDto,
    @Req() request: FastifyRequest,
  ): Promise<ErrorsReportResponse | StreamableFile> {
    const report = await this.errorsReport.read(await this.checked(principal, query));
    return wantsCsv(query.format, request.headers.accept) ? csvFile('errors', report) : report;
  }

  @Get('conversations')
  @ApiOperation({ summary: 'How many conversations began, were active and were deleted, and how long they are' })
  @ApiReport(ConversationsReportResponse)
  async conversations(
    @CurrentUser() principal: Principal,
    @Query() query: ReportQueryDto,
    @Req() request: FastifyRequest,
  ): Promise<ConversationsReportResponse | StreamableFile> {
    if (query.model !== undefined) throw badInput('model', 'does not tell conversations apart.');
    if (query.group_by === 'model' || query.group_by === 'purpose') {
      throw badInput('group_by', 'must be persona, user or channel for conversations.');
    }
    const report = await this.conversationsReport.read(await this.checked(principal, query));
    return wantsCsv(query.format, request.headers.accept) ? csvFile('conversations', report) : report;
  }

  private async checked(principal: Principal, query: ReportQueryDto): Promise<ReportRequest> {
    const { scope, selection } = await this.access.selectionFor(principal, query);
    return reportRequest(query, scope, selection, Date.now());
  }
}
