import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What Mattermost needs beyond other channels: an address for answers to a command (it is a secret of half an hour), and what people
 * have chosen for a place.
 */
export class AddMattermost1763706000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE channel_choices (
        identity_id bigint NOT NULL CONSTRAINT channel_choices_identity_fk REFERENCES channel_identities (id) ON DELETE CASCADE,
        place varchar(40) NOT NULL,
        persona_id bigint CONSTRAINT channel_choices_persona_fk REFERENCES personas (id) ON DELETE SET NULL,
        reset_at timestamptz,
        CONSTRAINT channel_choices_pkey PRIMARY KEY (identity_id, place)
      )`);
    await queryRunner.query(
      `COMMENT ON TABLE channel_choices IS 'What somebody has chosen for a place (a channel of the other system): who answers them there, and since when everything before is forgotten.'`,
    );
    await queryRunner.query(
      `CREATE INDEX channel_choices_persona_idx ON channel_choices (persona_id) WHERE persona_id IS NOT NULL`,
    );
    await queryRunner.query(`
      ALTER TABLE channel_threads ADD COLUMN reply_address text, ADD COLUMN encryption_key varchar(60), ADD COLUMN reply_until timestamptz,
        ADD COLUMN replies_left smallint NOT NULL DEFAULT 0`);
    await queryRunner.query(
      `COMMENT ON COLUMN channel_threads.reply_address IS 'Where the person can be answered in another way than usual, such as the response_url of a command; encrypted. Until reply_until, and replies_left times.'`,
    );
    await queryRunner.query(
      `CREATE INDEX channel_threads_key_idx ON channel_threads (encryption_key, conversation_id) WHERE encryption_key IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE channel_choices');
    await queryRunner.query('DROP INDEX channel_threads_key_idx');
    await queryRunner.query(
      'ALTER TABLE channel_threads DROP COLUMN reply_address, DROP COLUMN encryption_key, DROP COLUMN reply_until, DROP COLUMN replies_left',
    );
  }
}
