import { Column, Entity, PrimaryGeneratedColumn, type ValueTransformer } from 'typeorm';

const numeric: ValueTransformer = {
  to: (value: number | null) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};

/** USD per million tokens from a date on, until a later row for the same model. */
@Entity('prices')
export class PriceEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id: number;

  @Column({ type: 'varchar', length: 40 })
  provider: string;

  @Column({ type: 'varchar', length: 200 })
  model: string;

  @Column({ name: 'effective_from', type: 'timestamptz' })
  effectiveFrom: Date;

  @Column({ name: 'input_usd_per_mtok', type: 'numeric', transformer: numeric })
  inputUsdPerMtok: number;

  @Column({ name: 'cached_input_usd_per_mtok', type: 'numeric', nullable: true, transformer: numeric })
  cachedInputUsdPerMtok: number | null;

  @Column({ name: 'cache_write_usd_per_mtok', type: 'numeric', nullable: true, transformer: numeric })
  cacheWriteUsdPerMtok: number | null;

  @Column({ name: 'output_usd_per_mtok', type: 'numeric', transformer: numeric })
  outputUsdPerMtok: number;

  /** Above this many input tokens the factors apply to the whole call. */
  @Column({ name: 'long_context_over_tokens', type: 'integer', nullable: true })
  longContextOverTokens: number | null;

  @Column({ name: 'long_context_input_factor', type: 'numeric', nullable: true, transformer: numeric })
  longContextInputFactor: number | null;

  @Column({ name: 'long_context_output_factor', type: 'numeric', nullable: true, transformer: numeric })
  longContextOutputFactor: number | null;
}
