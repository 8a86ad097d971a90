import type { MigrationInterface, QueryRunner } from 'typeorm';

/** USD per million tokens: model, input, cached input, cache write, output. From OpenAI's price list, November 2026. */
const PRICES: readonly [string, number, number | null, number | null, number][] = [
  ['gpt-6-luna', 0.1, 0.01, 0.125, 0.5],
  ['gpt-6-sol', 2, 0.2, 2.5, 10],
  ['gpt-6-astra', 10, 1, 12.5, 50],
  ['gpt-6.1-terra', 1, 0.05, 1.25, 5],
  ['gpt-6.1-sol', 2, 0.1, null, 10],
  ['gpt-5.6-luna', 0.2, 0.02, 0.25, 1.2],
  ['gpt-5.6-terra', 2, 0.2, null, 12],
];
/** Above this many input tokens a call costs twice as much for input and half as much again for output. */
const LONG_CONTEXT_TOKENS = 272_000;

export class SeedPrices1763700600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [model, input, cached, cacheWrite, output] of PRICES) {
      await queryRunner.query(
        `INSERT INTO prices (provider, model, effective_from, input_usd_per_mtok, cached_input_usd_per_mtok, cache_write_usd_per_mtok,
           output_usd_per_mtok, long_context_over_tokens, long_context_input_factor, long_context_output_factor)
         VALUES ('openai', $1, '2026-11-01', $2, $3, $4, $5, $6, 2, 1.5)
         ON CONFLICT (provider, model, effective_from) DO NOTHING`,
        [model, input, cached, cacheWrite, output, LONG_CONTEXT_TOKENS],
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM prices WHERE provider = 'openai' AND effective_from = '2026-11-01'`);
  }
}
