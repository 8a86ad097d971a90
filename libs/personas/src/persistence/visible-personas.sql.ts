/**
 * The one place that says which personas a user ($1) sees: those of the workspaces they are a member of, unless private to somebody
 * else. Every query of personas on behalf of a user is made of it.
 */
export const FROM_VISIBLE_PERSONAS = `
  FROM personas p
  JOIN workspace_members m ON m.workspace_id = p.workspace_id AND m.user_id = $1 AND (p.visibility = 'workspace' OR p.owner_id = $1)`;

export const JOIN_CURRENT_VERSION = `JOIN persona_versions v ON v.persona_id = p.id AND v.version = p.current_version`;

export const CONTENT_COLUMNS = `
  v.name, v.description, v.relationship_type AS "relationshipType", v.system_instructions AS "systemInstructions",
  v.prompt_template AS "promptTemplate", v.model, v.temperature, v.max_tokens AS "maxTokens", v.openai_prompt_id AS "openaiPromptId",
  v.openai_prompt_version AS "openaiPromptVersion", v.openai_prompt_variables AS "openaiPromptVariables",
  v.conversation_state AS "conversationState", v.fallback_models AS "fallbackModels", v.tools, v.response_format AS "responseFormat", v.metadata,
  v.service_tier AS "serviceTier", v.pii_redaction AS "piiRedaction", v.answer_cache AS "answerCache",
  v.session_timeout_ms AS "sessionTimeoutMs"`;

/** Needs `p`, `m` and `v`. */
export const VIEW_COLUMNS = `
  p.id, p.workspace_id AS "workspaceId", p.owner_id AS "ownerId", p.visibility, p.current_version AS version,
  p.is_default_support AS "isDefaultSupport", p.deleted_at IS NOT NULL AS "isDeleted", p.created_at AS "createdAt", p.updated_at AS "updatedAt",
  (p.owner_id IS NOT DISTINCT FROM $1 OR m.role = 'owner') AS "canEdit", ${CONTENT_COLUMNS}`;

/** Needs `p` and `v`. */
export const SNAPSHOT_COLUMNS = `
  v.id, v.persona_id AS "personaId", p.workspace_id AS "workspaceId", v.version, ${CONTENT_COLUMNS}`;
