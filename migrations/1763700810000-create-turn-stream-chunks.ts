import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What watchers of a turn were told, kept for a while so that a broken connection can go on where it was. Unlogged: it is written several times a
 * second, and after a crash of PostgreSQL the turn's row still tells everything that counts.
 */
export class CreateTurnStreamChunks1763700810000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE UNLOGGED TABLE turn_stream_chunks (
        turn_id bigint NOT NULL,
        last_number integer NOT NULL,
        attempt integer NOT NULL,
        entries text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (turn_id, last_number)
      )`);
    await queryRunner.query(`CREATE INDEX turn_stream_chunks_created_idx ON turn_stream_chunks (created_at)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE turn_stream_chunks`);
  }
}
