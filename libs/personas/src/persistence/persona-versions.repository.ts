import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { contentOf, type PersonaContent, type PersonaVersionView } from '../persona';
import { FROM_VISIBLE_PERSONAS, SNAPSHOT_COLUMNS } from './visible-personas.sql';

const HISTORY_COLUMNS = `${SNAPSHOT_COLUMNS}, v.restored_from_version AS "restoredFromVersion", v.based_on_version AS "basedOnVersion",
  v.created_by AS "createdBy", v.created_at AS "createdAt", v.version = p.current_version AS "isCurrent",
  publication.published_at AS "publishedAt", publication.published_by AS "publishedBy",
  CASE WHEN v.version = p.current_version THEN 'published' WHEN experiment.is_running THEN 'testing'
    WHEN publication.id IS NOT NULL OR experiment.is_running IS NOT NULL THEN 'retired' ELSE 'draft' END AS status`;

const FROM_VISIBLE_VERSIONS = `${FROM_VISIBLE_PERSONAS} JOIN persona_versions v ON v.persona_id = p.id
  LEFT JOIN LATERAL (
    SELECT id, published_at, published_by FROM persona_publications o WHERE o.persona_id = v.persona_id AND o.version = v.version
    ORDER BY id DESC LIMIT 1
  ) publication ON true
  LEFT JOIN LATERAL (
    SELECT bool_or(stopped_at IS NULL) AS is_running FROM persona_experiments e
    WHERE e.persona_id = v.persona_id AND v.version IN (e.version_a, e.version_b)
  ) experiment ON true`;

/** A persona's versions: written once, read only. Reads are scoped to what the user may see. */
@Injectable()
export class PersonaVersionsRepository {
  constructor(private readonly database: Database) {}

  async add(version: {
    personaId: number;
    version: number;
    content: PersonaContent;
    createdBy: number;
    restoredFromVersion: number | null;
    /** Only of a draft. */
    basedOnVersion?: number;
  }): Promise<void> {
    const content = contentOf(version.content);
    await this.database.query(
      `INSERT INTO persona_versions (persona_id, version, created_by, restored_from_version, name, description, relationship_type,
         system_instructions, prompt_template, model, temperature, max_tokens, openai_prompt_id, openai_prompt_version, openai_prompt_variables,
         conversation_state, fallback_models, tools, response_format, metadata, service_tier, pii_redaction, answer_cache, based_on_version,
         session_timeout_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)`,
      [
        version.personaId,
        version.version,
        version.createdBy,
        version.restoredFromVersion,
        content.name,
        content.description,
        content.relationshipType,
        content.systemInstructions,
        content.promptTemplate,
        content.model,
        content.temperature,
        content.maxTokens,
        content.openaiPromptId,
        content.openaiPromptVersion,
        content.openaiPromptVariables && JSON.stringify(content.openaiPromptVariables),
        content.conversationState,
        content.fallbackModels,
        JSON.stringify(content.tools),
        content.responseFormat && JSON.stringify(content.responseFormat),
        JSON.stringify(content.metadata),
        content.serviceTier,
        content.piiRedaction && JSON.stringify(content.piiRedaction),
        content.answerCache && JSON.stringify(content.answerCache),
        version.basedOnVersion ?? null,
        content.sessionTimeoutMs,
      ],
    );
  }

  /** Newest first. */
  list(
    userId: number,
    personaId: number,
    page: { limit: number; beforeVersion?: number },
  ): Promise<PersonaVersionView[]> {
    return this.database.query<PersonaVersionView>(
      `SELECT ${HISTORY_COLUMNS} ${FROM_VISIBLE_VERSIONS}
       WHERE p.id = $2 AND ($3::bigint IS NULL OR v.version < $3) ORDER BY v.version DESC LIMIT $4`,
      [userId, personaId, page.beforeVersion ?? null, page.limit],
    );
  }

  async find(userId: number, personaId: number, version: number): Promise<PersonaVersionView | undefined> {
    const [found] = await this.database.query<PersonaVersionView>(
      `SELECT ${HISTORY_COLUMNS} ${FROM_VISIBLE_VERSIONS} WHERE p.id = $2 AND v.version = $3::bigint`,
      [userId, personaId, version],
    );
    return found;
  }

  /** For a persona that this transaction has locked for an editor. */
  async delete(personaId: number, version: number): Promise<void> {
    await this.database.query(`DELETE FROM persona_versions WHERE persona_id = $1 AND version = $2`, [
      personaId,
      version,
    ]);
  }
}
