import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  ChangePriceDto,
  CreatePriceDto,
  DeletePriceQueryDto,
  ImportPricesDto,
  ListPricesQueryDto,
} from './dto/price.dto';
import { timeIn } from './dto/price-fields';
import { PriceImportResponse } from './dto/price-import.response';
import { ChangedPriceResponse, PriceDetailsResponse, PriceListResponse } from './dto/price.response';
import { DEFAULT_TIER, type PriceAmounts } from './price';
import { PriceImportService } from './price-import.service';
import { type ChangeOptions, PricesService } from './prices.service';

@ApiTags('prices')
@ApiBearerAuth()
@Controller('prices')
export class PricesController {
  constructor(
    private readonly prices: PricesService,
    private readonly imports: PriceImportService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List prices, the newest rows first', description: 'With `at`: only those in force then.' })
  @ApiOkResponse({ type: PriceListResponse })
  async list(@Query() query: ListPricesQueryDto): Promise<PriceListResponse> {
    const page = await this.prices.list({
      limit: query.limit ?? 50,
      cursor: query.cursor,
      provider: query.provider,
      model: query.model,
      serviceTier: query.service_tier,
      at: query.at === undefined ? undefined : timeIn('at', query.at),
    });
    return PriceListResponse.from(page);
  }

  @Post('import')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take prices over from a package',
    description:
      'For instance admins. Adds and changes rows of the provider `openai`; what an admin has set is never changed, nor is the time for which it is in force. Try `is_dry_run` first.',
  })
  @ApiOkResponse({ type: PriceImportResponse })
  @ApiProblems(403)
  async import(@CurrentUser() principal: Principal, @Body() body: ImportPricesDto): Promise<PriceImportResponse> {
    const models = body.models ?? undefined;
    return PriceImportResponse.from(
      await this.imports.run(principal, models, body.is_dry_run === true, optionsOf(body)),
    );
  }

  @Get(':price_id')
  @ApiOperation({
    summary: 'Read a price and its changes',
    description: 'Deleted ones too: calls were rated with them.',
  })
  @ApiOkResponse({ type: PriceDetailsResponse })
  @ApiProblems(404)
  async get(@Param('price_id', ParseIdPipe) priceId: number): Promise<PriceDetailsResponse> {
    return PriceDetailsResponse.fromDetails(await this.prices.get(priceId));
  }

  @Post()
  @ApiOperation({
    summary: 'Set a price',
    description:
      'For instance admins. With a date in the past, calls since then are rated again in the background, unless `is_rerated` is false.',
  })
  @ApiCreatedResponse({ type: ChangedPriceResponse })
  @ApiProblems(403, 409)
  async create(@CurrentUser() principal: Principal, @Body() body: CreatePriceDto): Promise<ChangedPriceResponse> {
    const { effective_from: from, long_context_over_tokens: over } = body;
    const price = {
      provider: body.provider ?? 'openai',
      model: body.model,
      serviceTier: body.service_tier ?? DEFAULT_TIER,
      effectiveFrom: from === undefined || from === null ? new Date() : timeIn('effective_from', from),
      inputUsdPerMtok: body.input_usd_per_mtok,
      cachedInputUsdPerMtok: body.cached_input_usd_per_mtok ?? null,
      cacheWriteUsdPerMtok: body.cache_write_usd_per_mtok ?? null,
      outputUsdPerMtok: body.output_usd_per_mtok,
      reasoningUsdPerMtok: body.reasoning_usd_per_mtok ?? null,
      longContextOverTokens: over ?? null,
      longContextInputFactor: body.long_context_input_factor ?? null,
      longContextOutputFactor: body.long_context_output_factor ?? null,
    };
    return ChangedPriceResponse.fromChange(await this.prices.create(principal, price, optionsOf(body)));
  }

  @Patch(':price_id')
  @ApiOperation({
    summary: 'Correct a price',
    description:
      'For instance admins. Calls that it concerns are rated again in the background, unless `is_rerated` is false.',
  })
  @ApiOkResponse({ type: ChangedPriceResponse })
  @ApiProblems(403, 404, 409)
  async change(
    @CurrentUser() principal: Principal,
    @Param('price_id', ParseIdPipe) priceId: number,
    @Body() body: ChangePriceDto,
  ): Promise<ChangedPriceResponse> {
    const from = body.effective_from;
    const change: Partial<PriceAmounts & { effectiveFrom: Date }> = {
      effectiveFrom: from === undefined ? undefined : timeIn('effective_from', from),
      inputUsdPerMtok: body.input_usd_per_mtok,
      cachedInputUsdPerMtok: body.cached_input_usd_per_mtok,
      cacheWriteUsdPerMtok: body.cache_write_usd_per_mtok,
      outputUsdPerMtok: body.output_usd_per_mtok,
      reasoningUsdPerMtok: body.reasoning_usd_per_mtok,
      longContextOverTokens: body.long_context_over_tokens,
      longContextInputFactor: body.long_context_input_factor,
      longContextOutputFactor: body.long_context_output_factor,
    };
    return ChangedPriceResponse.fromChange(await this.prices.change(principal, priceId, change, optionsOf(body)));
  }

  @Delete(':price_id')
  @ApiOperation({
    summary: 'Take a price out of use',
    description:
      'For instance admins. Calls that were rated with it get the price that was in force before it, or none, unless `is_rerated` is false. It can still be read by its id.',
  })
  @ApiOkResponse({ type: ChangedPriceResponse })
  @ApiProblems(403, 404, 409)
  async delete(
    @CurrentUser() principal: Principal,
    @Param('price_id', ParseIdPipe) priceId: number,
    @Query() query: DeletePriceQueryDto,
  ): Promise<ChangedPriceResponse> {
    return ChangedPriceResponse.fromChange(await this.prices.delete(principal, priceId, optionsOf(query)));
  }
}

const optionsOf = (given: { is_rerated?: boolean | null; reason?: string | null }): ChangeOptions => ({
  isRerated: given.is_rerated ?? true,
  reason: given.reason ?? null,
});
