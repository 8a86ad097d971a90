import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the context of conversations is kept when a persona does not say it; NULL is the instance's default, `stateless`. */
export class AddWorkspaceConversationState1763701010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE workspaces ADD COLUMN conversation_state varchar(20)
        CONSTRAINT workspaces_conversation_state_check CHECK (conversation_state IN ('stateless', 'conversation', 'hybrid'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE workspaces DROP COLUMN conversation_state`);
  }
}
