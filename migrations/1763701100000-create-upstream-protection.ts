import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What all workers know together about the model API: what is left of its limits, who is held back, and whether it is down. */
export class CreateUpstreamProtection1763701100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // A row is written only while a model's limit is scarce or used up. Half-empty pages keep those updates off the index.
    await queryRunner.query(`
      CREATE TABLE upstream_limits (
        upstream varchar(200) NOT NULL,
        model varchar(200) NOT NULL,
        held_until timestamptz NOT NULL DEFAULT '-infinity',
        requests_limit bigint,
        requests_remaining bigint,
        requests_reset_at timestamptz NOT NULL DEFAULT '-infinity',
        tokens_limit bigint,
        tokens_remaining bigint,
        tokens_reset_at timestamptz NOT NULL DEFAULT '-infinity',
        announced_at timestamptz NOT NULL DEFAULT '-infinity',
        touched_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT upstream_limits_pkey PRIMARY KEY (upstream, model)
      ) WITH (fillfactor = 50)`);
    await queryRunner.query(`
      CREATE TABLE upstream_breakers (
        upstream varchar(200) PRIMARY KEY,
        state varchar(20) NOT NULL CONSTRAINT upstream_breakers_state_check CHECK (state IN ('closed', 'open', 'half_open')),
        openings integer NOT NULL DEFAULT 0,
        retry_at timestamptz NOT NULL DEFAULT now(),
        probe_token bigint NOT NULL DEFAULT 0,
        probe_until timestamptz NOT NULL DEFAULT '-infinity',
        error_code varchar(60),
        changed_at timestamptz NOT NULL DEFAULT now()
      ) WITH (fillfactor = 50)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE upstream_breakers`);
    await queryRunner.query(`DROP TABLE upstream_limits`);
  }
}
