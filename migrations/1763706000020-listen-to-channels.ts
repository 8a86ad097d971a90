import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Channels whose other system is listened to, over a connection that one worker at a time holds, rather than telling by itself. */
export class ListenToChannels1763706000020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE channel_listeners (
        channel_id bigint PRIMARY KEY CONSTRAINT channel_listeners_channel_fk REFERENCES channels (id) ON DELETE CASCADE,
        held_by varchar(60),
        held_until timestamptz,
        connected_at timestamptz,
        confirmed_at timestamptz,
        heard_from timestamptz,
        heard_until timestamptz
      )`);
    await queryRunner.query(
      `COMMENT ON TABLE channel_listeners IS 'Which worker listens to a channel. held_until: after that, another may; confirmed_at: it was last seen to be connected.'`,
    );
    await queryRunner.query(
      `COMMENT ON COLUMN channel_listeners.heard_until IS 'By the clock of the other system: what was said there between heard_from and then has been taken in.'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE channel_listeners`);
  }
}
