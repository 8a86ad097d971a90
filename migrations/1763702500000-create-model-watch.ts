import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the model API says of its models, read once a day, and what follows for the personas that use them. */
export class CreateModelWatch1763702500000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE upstream_model_readings (
        upstream varchar(200) PRIMARY KEY,
        tried_at timestamptz NOT NULL DEFAULT '-infinity',
        read_at timestamptz,
        outcome varchar(20) CONSTRAINT upstream_model_readings_outcome_check CHECK (outcome IN ('listed', 'unsupported', 'failed')),
        is_complete boolean NOT NULL DEFAULT false,
        has_shutdown_dates boolean NOT NULL DEFAULT false,
        error_code varchar(60)
      )`);
    await queryRunner.query(`
      CREATE TABLE upstream_models (
        upstream varchar(200) NOT NULL,
        model varchar(200) NOT NULL,
        shutdown_date date,
        first_seen_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        is_gone boolean NOT NULL DEFAULT false,
        CONSTRAINT upstream_models_pkey PRIMARY KEY (upstream, model)
      )`);
    // Replaced at each look; a few rows, one per model that somebody uses and should not.
    await queryRunner.query(`
      CREATE TABLE model_warnings (
        upstream varchar(200) NOT NULL,
        model varchar(200) NOT NULL,
        status varchar(20) NOT NULL CONSTRAINT model_warnings_status_check CHECK (status IN ('shut_down', 'ending', 'unknown')),
        shutdown_date date,
        personas integer NOT NULL,
        logged_on date,
        CONSTRAINT model_warnings_pkey PRIMARY KEY (upstream, model)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE model_warnings`);
    await queryRunner.query(`DROP TABLE upstream_models`);
    await queryRunner.query(`DROP TABLE upstream_model_readings`);
  }
}
