import { badInput } from '@app/kernel';
import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { timeIn } from './dto/price-fields';
import { ListReRatingsQueryDto, RequestReRatingDto } from './dto/re-rating.dto';
import { ReRatingListResponse, ReRatingResponse } from './dto/re-rating.response';
import { ReRatingsService } from './re-ratings.service';

/** For instance admins only: the sums are those of the whole installation. */
@ApiTags('prices')
@ApiBearerAuth()
@ApiProblems(403)
@Controller('prices/re-ratings')
export class ReRatingsController {
  constructor(private readonly reRatings: ReRatingsService) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Rate calls of the past again',
    description:
      'For instance admins. Changes of prices do it by themselves. Each call gets the cost that the prices of now say for the time when it started.',
  })
  @ApiAcceptedResponse({ type: ReRatingResponse })
  async request(@CurrentUser() principal: Principal, @Body() body: RequestReRatingDto): Promise<ReRatingResponse> {
    const from = timeIn('from', body.from);
    const to = body.to === undefined || body.to === null ? null : timeIn('to', body.to);
    if (from.getTime() > Date.now()) throw badInput('from', 'must not be in the future: there are no calls yet.');
    if (to !== null && to <= from) throw badInput('to', 'must be later than from.');
    const range = { from, to, models: body.models ?? [], reason: body.reason ?? null };
    return ReRatingResponse.from(await this.reRatings.request(principal, range));
  }

  @Get()
  @ApiOperation({ summary: 'List re-ratings, the newest first', description: 'For instance admins.' })
  @ApiOkResponse({ type: ReRatingListResponse })
  async list(
    @CurrentUser() principal: Principal,
    @Query() query: ListReRatingsQueryDto,
  ): Promise<ReRatingListResponse> {
    return ReRatingListResponse.fromPage(await this.reRatings.list(principal, query.limit ?? 50, query.cursor));
  }

  @Get(':re_rating_id')
  @ApiOperation({
    summary: 'Read how far a re-rating is, and what it has changed',
    description: 'For instance admins.',
  })
  @ApiOkResponse({ type: ReRatingResponse })
  @ApiProblems(404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('re_rating_id', ParseIdPipe) reRatingId: number,
  ): Promise<ReRatingResponse> {
    return ReRatingResponse.from(await this.reRatings.get(principal, reRatingId));
  }
}
