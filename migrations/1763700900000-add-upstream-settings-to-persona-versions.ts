import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How a persona uses its upstream: conversation state, fallback models, hosted tools, structured output, metadata, stored prompts. The API's
 * own bounds are narrower than the CHECKs, which only stop what no request can bring. `json`, not `jsonb`: a model writes the fields of a
 * structured answer in the order of its schema, and jsonb would sort them.
 */
export class AddUpstreamSettingsToPersonaVersions1763700900000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE persona_versions
        ADD COLUMN conversation_state text
          CONSTRAINT persona_versions_conversation_state CHECK (conversation_state IN ('stateless', 'conversation', 'hybrid')),
        ADD COLUMN fallback_models text[] NOT NULL DEFAULT '{}'
          CONSTRAINT persona_versions_fallback_models CHECK (
            cardinality(fallback_models) <= 5 AND array_position(fallback_models, NULL) IS NULL
            AND octet_length(array_to_string(fallback_models, ',')) <= 2000),
        ADD COLUMN tools json NOT NULL DEFAULT '[]'
          CONSTRAINT persona_versions_tools CHECK (
            json_typeof(tools) = 'array' AND json_array_length(tools) <= 10 AND octet_length(tools::text) <= 200000),
        ADD COLUMN response_format json
          CONSTRAINT persona_versions_response_format CHECK (
            json_typeof(response_format) = 'object' AND octet_length(response_format::text) <= 100000),
        ADD COLUMN metadata json NOT NULL DEFAULT '{}'
          CONSTRAINT persona_versions_metadata CHECK (json_typeof(metadata) = 'object' AND octet_length(metadata::text) <= 50000),
        ADD COLUMN openai_prompt_version text
          CONSTRAINT persona_versions_openai_prompt_version_length CHECK (char_length(openai_prompt_version) BETWEEN 1 AND 100),
        ADD COLUMN openai_prompt_variables json
          CONSTRAINT persona_versions_openai_prompt_variables CHECK (
            json_typeof(openai_prompt_variables) = 'object' AND octet_length(openai_prompt_variables::text) <= 500000)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE persona_versions DROP COLUMN conversation_state, DROP COLUMN fallback_models, DROP COLUMN tools, DROP COLUMN response_format,
        DROP COLUMN metadata, DROP COLUMN openai_prompt_version, DROP COLUMN openai_prompt_variables`);
  }
}
