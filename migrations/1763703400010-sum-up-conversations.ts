import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sums of what becomes of conversations, so that reports over years need not read each of them. What counts stands once, in the view
 * `conversation_figures`: sums are built from it, and what is not summed up is read through it.
 *
 * Conversations that begin or end more than five minutes in the past (an import, a long transaction) mark their hours, as calls do.
 * All sums are made anew by the job; until then reports read the ledger.
 */
export class SumUpConversations1763703400010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Before the tables, as the job does.
    await queryRunner.query(`SELECT FROM rollup_state FOR UPDATE`);
    await queryRunner.query(`TRUNCATE usage_rollups, error_rollups, conversation_activity, rollup_marks`);
    await queryRunner.query(`
      CREATE VIEW conversation_figures AS
      SELECT created_at AS at, workspace_id, user_id, persona_id, channel, 1 AS created, 0 AS deleted, 0 AS first_active, 0 AS first_active_with_persona
      FROM conversation_lives
      UNION ALL
      SELECT deleted_at, workspace_id, user_id, persona_id, channel, 0, 1, 0, 0 FROM conversation_lives WHERE deleted_at IS NOT NULL
      UNION ALL
      SELECT bucket, workspace_id, user_id, persona_id, channel, 0, 0, (previous IS NULL)::integer, 1
      FROM conversation_activity WHERE previous_with_persona IS NULL`);
    await queryRunner.query(`
      CREATE TABLE conversation_rollups (
        bucket timestamptz NOT NULL,
        workspace_id bigint NOT NULL,
        user_id bigint NOT NULL,
        persona_id bigint NOT NULL,
        created integer NOT NULL,
        deleted integer NOT NULL,
        first_active integer NOT NULL,
        first_active_with_persona integer NOT NULL,
        cube smallint NOT NULL CONSTRAINT conversation_rollups_cube_check CHECK (cube BETWEEN 1 AND 6),
        grain smallint NOT NULL CONSTRAINT conversation_rollups_grain_check CHECK (grain BETWEEN 1 AND 4),
        channel varchar(20) NOT NULL
      )`);
    await queryRunner.query(`COMMENT ON TABLE conversation_rollups IS
      'Sums of conversation_figures; rows with the same key add up, and some correct others. cube 1: of everything; 2: per workspace; 3: per channel; 4: per workspace and persona; 5: per user; 6: per workspace, user, persona and channel (0 or empty where a cube does not tell apart). grain 1: hour, 2: day, 3: month, 4: quarter of an hour, all UTC. first_active: how many were active for the first time ever; first_active_with_persona: with that persona.'`);
    for (const [name, columns, where] of INDEXES) {
      await queryRunner.query(
        `CREATE INDEX conversation_rollups_${name}_idx ON conversation_rollups (${columns}) ${where}`,
      );
    }
    for (const [name, gap] of GAPS) {
      await queryRunner.query(`
        CREATE INDEX conversation_activity_after_${name}_idx
        ON conversation_activity (bucket) INCLUDE (previous, previous_with_persona, workspace_id, user_id, persona_id, channel)
        WHERE bucket - previous >= interval '${gap}' OR bucket - previous_with_persona >= interval '${gap}'`);
    }
    await queryRunner.query(`
      CREATE INDEX conversation_activity_first_idx ON conversation_activity (bucket) INCLUDE (workspace_id, user_id, persona_id, previous, channel)
      WHERE previous_with_persona IS NULL`);
    await this.indexActivity(queryRunner, 'INCLUDE (previous)');
    // With all that is asked for: else PostgreSQL skips through the index of all users to spare itself the table, a thousand times slower.
    await this.indexLives(queryRunner, 'INCLUDE (workspace_id, user_id, persona_id, channel)');
    await queryRunner.query(`DROP TRIGGER conversations_remember ON conversations`);
    await queryRunner.query(`DROP FUNCTION remember_conversation()`);
    await this.rememberByStatement(queryRunner);
    await this.markHours(queryRunner);
    await queryRunner.query(`
      UPDATE rollup_state SET moved_by = pg_current_xact_id(), frontier = date_trunc('day', coalesce(
        least((SELECT min(started_at) FROM model_calls), (SELECT min(created_at) FROM conversation_lives)), now()), 'UTC')`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [event] of CHANGES) {
      await queryRunner.query(`DROP TRIGGER conversation_lives_mark_${event.toLowerCase()} ON conversation_lives`);
    }
    await queryRunner.query(`DROP FUNCTION mark_hours_of_lives()`);
    for (const event of ['insert', 'delete']) {
      await queryRunner.query(`DROP TRIGGER conversations_remember_${event} ON conversations`);
    }
    await queryRunner.query(`DROP FUNCTION remember_conversations()`);
    await this.rememberByRow(queryRunner);
    for (const [name] of GAPS) await queryRunner.query(`DROP INDEX conversation_activity_after_${name}_idx`);
    await queryRunner.query(`DROP INDEX conversation_activity_first_idx`);
    await this.indexActivity(queryRunner, '');
    await this.indexLives(queryRunner, '');
    await queryRunner.query(`DROP TABLE conversation_rollups`);
    await queryRunner.query(`DROP VIEW conversation_figures`);
  }

  private async indexActivity(queryRunner: QueryRunner, include: string): Promise<void> {
    for (const one of ['user', 'workspace']) {
      await queryRunner.query(`DROP INDEX conversation_activity_${one}_idx`);
      await queryRunner.query(
        `CREATE INDEX conversation_activity_${one}_idx ON conversation_activity (${one}_id, bucket) ${include}`,
      );
    }
  }

  private async indexLives(queryRunner: QueryRunner, include: string): Promise<void> {
    await queryRunner.query(`DROP INDEX conversation_lives_created_idx, conversation_lives_deleted_idx`);
    await queryRunner.query(
      `CREATE INDEX conversation_lives_created_idx ON conversation_lives (created_at) ${include}`,
    );
    await queryRunner.query(
      `CREATE INDEX conversation_lives_deleted_idx ON conversation_lives (deleted_at) ${include} WHERE deleted_at IS NOT NULL`,
    );
  }

  /** Once per statement: then an import of many conversations marks each hour once. */
  private async rememberByStatement(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION remember_conversations() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          INSERT INTO conversation_lives (conversation_id, workspace_id, user_id, persona_id, created_at, channel)
          SELECT id, workspace_id, user_id, persona_id, created_at, channel FROM changed;
        ELSE
          UPDATE conversation_lives l SET deleted_at = now() FROM changed WHERE l.conversation_id = changed.id;
        END IF;
        RETURN NULL;
      END $$`);
    for (const [event, table] of [
      ['INSERT', 'NEW'],
      ['DELETE', 'OLD'],
    ] as const) {
      await queryRunner.query(`
        CREATE TRIGGER conversations_remember_${event.toLowerCase()} AFTER ${event} ON conversations
        REFERENCING ${table} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION remember_conversations()`);
    }
  }

  private async rememberByRow(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION remember_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          INSERT INTO conversation_lives (conversation_id, workspace_id, user_id, persona_id, created_at, channel)
          VALUES (NEW.id, NEW.workspace_id, NEW.user_id, NEW.persona_id, NEW.created_at, NEW.channel);
        ELSE
          UPDATE conversation_lives SET deleted_at = now() WHERE conversation_id = OLD.id;
        END IF;
        RETURN NULL;
      END $$`);
    await queryRunner.query(`
      CREATE TRIGGER conversations_remember AFTER INSERT OR DELETE ON conversations
      FOR EACH ROW EXECUTE FUNCTION remember_conversation()`);
  }

  /** An end leaves the hour of the beginning as it was. clock_timestamp, not now(): a long transaction writes into hours that are summed up meanwhile. */
  private async markHours(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION mark_hours_of_lives() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO rollup_marks (bucket)
        SELECT DISTINCT date_trunc('hour', at, 'UTC')
        FROM (SELECT created_at AS at FROM changed WHERE TG_OP <> 'UPDATE' UNION ALL SELECT deleted_at FROM changed) AS moments
        WHERE at < clock_timestamp() - interval '5 minutes';
        RETURN NULL;
      END $$`);
    for (const [event, table] of CHANGES) {
      await queryRunner.query(`
        CREATE TRIGGER conversation_lives_mark_${event.toLowerCase()} AFTER ${event} ON conversation_lives
        REFERENCING ${table} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_hours_of_lives()`);
    }
  }
}

const CHANGES = [
  ['INSERT', 'NEW'],
  ['UPDATE', 'NEW'],
  ['DELETE', 'OLD'],
] as const;

const INDEXES = [
  ['bucket', 'cube, grain, bucket', ''],
  ['workspace', 'workspace_id, cube, grain, bucket', 'WHERE cube IN (2, 4, 6)'],
  ['persona', 'persona_id, cube, grain, bucket', 'WHERE cube IN (4, 6)'],
  ['user', 'user_id, cube, grain, bucket', 'WHERE cube IN (5, 6)'],
] as const;

/** Activity after a long time without, which is what can be the first in a point that began long before. */
const GAPS = [
  ['hours', '1 hour'],
  ['days', '7 days'],
] as const;
