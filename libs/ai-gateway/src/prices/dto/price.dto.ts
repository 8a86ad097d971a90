import { HasDecimals, PageQueryDto } from '@app/platform';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { PRICED_PROVIDERS, type PricedProvider } from '../price';
import { ISO_TIME, ISO_TIME_TEXT, TIER_NAME, TIER_TEXT } from './price-fields';

/** The dearest model there is costs some hundreds. */
const MAX_USD_PER_MTOK = 100_000;
/** Decimal places. */
const USD = 6;
const FACTOR = 3;

/** `undefined` leaves a field as it is; null is refused. */
const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;

class ChangeOptionsDto {
  /** Whether calls that the change concerns are rated again, also those of the past. False: they keep the cost that they have.
   * @example true */
  @IsOptional()
  @IsBoolean()
  is_rerated?: boolean = true;

  /** Why, for those who read the audit; up to 500 characters.
   * @example "OpenAI lowered the price on 1 November." */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string | null;
}

class OptionalAmountsDto extends ChangeOptionsDto {
  /** US dollars per million input tokens that came from the upstream's cache. Null: as other input.
   * @example 0.01 */
  @IsOptional()
  @HasDecimals(USD)
  @Min(0)
  @Max(MAX_USD_PER_MTOK)
  cached_input_usd_per_mtok?: number | null;

  /** US dollars per million input tokens that were written into the upstream's cache. Null: as other input.
   * @example 0.125 */
  @IsOptional()
  @HasDecimals(USD)
  @Min(0)
  @Max(MAX_USD_PER_MTOK)
  cache_write_usd_per_mtok?: number | null;

  /** US dollars per million reasoning tokens, which are part of the output. Null: as other output.
   * @example null */
  @IsOptional()
  @HasDecimals(USD)
  @Min(0)
  @Max(MAX_USD_PER_MTOK)
  reasoning_usd_per_mtok?: number | null;

  /** Above this many input tokens the factors apply to the whole call. Null: never.
   * @example 272000 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  long_context_over_tokens?: number | null;

  /** What all kinds of input cost more then. Null: 1.
   * @example 2 */
  @IsOptional()
  @HasDecimals(FACTOR)
  @Min(0)
  @Max(100)
  long_context_input_factor?: number | null;

  /** What output costs more then. Null: 1.
   * @example 1.5 */
  @IsOptional()
  @HasDecimals(FACTOR)
  @Min(0)
  @Max(100)
  long_context_output_factor?: number | null;
}

export class CreatePriceDto extends OptionalAmountsDto {
  /** `openai`: the official API. `compatible`: the server that `OPENAI_BASE_URL` names.
   * @example openai */
  @IsOptional()
  @IsIn(PRICED_PROVIDERS)
  provider?: PricedProvider = 'openai';

  /** As the upstream names it. A price for `gpt-6-luna` also counts for its snapshots (`gpt-6-luna-2026-05-12`) without prices of their own.
   * @example gpt-6-luna */
  @IsString()
  @Length(1, 200)
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$/, { message: 'model must be the name of a model, like gpt-6-luna' })
  model: string;

  /** The tier in which the upstream runs a call, as its answer says. `default`: none of its own.
   * @example default */
  @IsOptional()
  @IsString()
  @Matches(TIER_NAME, { message: `service_tier ${TIER_TEXT}` })
  service_tier?: string = 'default';

  /** From when on it holds, until the next price of the same model and tier; from 2020 on. Without it: from now on.
   * @example 2026-11-01T00:00:00Z */
  @IsOptional()
  @IsString()
  @Matches(ISO_TIME, { message: `effective_from ${ISO_TIME_TEXT}` })
  effective_from?: string;

  /** US dollars per million input tokens.
   * @example 0.1 */
  @HasDecimals(USD)
  @Min(0)
  @Max(MAX_USD_PER_MTOK)
  input_usd_per_mtok: number;

  /** US dollars per million output tokens.
   * @example 0.5 */
  @HasDecimals(USD)
  @Min(0)
  @Max(MAX_USD_PER_MTOK)
  output_usd_per_mtok: number;
}

/** What is left out stays as it is. What a price is for cannot be changed: delete it and make another one. */
export class ChangePriceDto extends OptionalAmountsDto {
  /** From when on it holds.
   * @example 2026-11-01T00:00:00Z */
  @ValidateIf(isGiven)
  @IsString()
  @Matches(ISO_TIME, { message: `effective_from ${ISO_TIME_TEXT}` })
  effective_from?: string;

  /** US dollars per million input tokens.
   * @example 0.1 */
  @ValidateIf(isGiven)
  @HasDecimals(USD)
  @Min(0)
  @Max(MAX_USD_PER_MTOK)
  input_usd_per_mtok?: number;

  /** US dollars per million output tokens.
   * @example 0.5 */
  @ValidateIf(isGiven)
  @HasDecimals(USD)
  @Min(0)
  @Max(MAX_USD_PER_MTOK)
  output_usd_per_mtok?: number;
}

export class DeletePriceQueryDto {
  /** Whether calls that were rated with it are rated again, with the price before it or with none.
   * @example true */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  is_rerated?: boolean = true;

  /** Why, for those who read the audit; up to 500 characters.
   * @example "It was never the price." */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string;
}

export class ImportPricesDto extends ChangeOptionsDto {
  /** Where from: the package `@pydantic/genai-prices` as it is installed. Nothing is fetched.
   * @example genai-prices */
  @IsIn(['genai-prices'])
  source: 'genai-prices';

  /** Only these models, at most 200. Without it: all of OpenAI's that the package lists.
   * @example ["gpt-5.6-luna", "gpt-4o"] */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @Length(1, 200, { each: true })
  models?: string[];

  /** Only say what would be done.
   * @example true */
  @IsOptional()
  @IsBoolean()
  is_dry_run?: boolean = false;
}

export class ListPricesQueryDto extends PageQueryDto {
  /** Only of this model, exactly.
   * @example gpt-6-luna */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  model?: string;

  /** Only of this provider.
   * @example openai */
  @IsOptional()
  @IsIn(PRICED_PROVIDERS)
  provider?: PricedProvider;

  /** Only of this service tier.
   * @example default */
  @IsOptional()
  @IsString()
  @Matches(TIER_NAME, { message: `service_tier ${TIER_TEXT}` })
  service_tier?: string;

  /** Only what is in force at this time.
   * @example 2026-11-21T12:00:00Z */
  @IsOptional()
  @IsString()
  @Matches(ISO_TIME, { message: `at ${ISO_TIME_TEXT}` })
  at?: string;
}
