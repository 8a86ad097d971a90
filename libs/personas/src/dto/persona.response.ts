import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { type Page } from '@app/platform';
import { type HostedTool, type ResponseFormat } from '../hosted-tool';
import {
  type ConversationState,
  type PersonaContent,
  type PersonaVersionView,
  type PersonaView,
  VERSION_STATUSES,
  type VersionStatus,
  type Visibility,
} from '../persona';
import { type ServiceTier } from '../privacy';
import { type GeneratedPersona } from '../prompts';
import { type RelationshipType } from '../relationship';
import { HOSTED_TOOL_DTOS, HOSTED_TOOL_SCHEMA } from './hosted-tool.dto';
import { AnswerCacheResponse, PiiRedactionResponse } from './privacy.dto';
import { ResponseFormatDto } from './upstream-settings.dto';

/** Who a persona is. Shared by the persona itself and its versions. */
@ApiExtraModels(...HOSTED_TOOL_DTOS)
class PersonaContentResponse {
  /** @example Alex */
  name: string;

  /** @example "An old friend from school who has become a chef." */
  description: string;

  /** @example friend */
  relationship_type: RelationshipType;

  /** Rules that the model must keep.
   * @example "Talk about food whenever it fits." */
  system_instructions: string;

  /** How to go about a reply.
   * @example "End every reply with a question." */
  prompt_template: string;

  /** Null: the instance's default model.
   * @example gpt-6-luna */
  model: string | null;

  /** From 0 to 2. Null: the instance's default.
   * @example 0.7 */
  temperature: number | null;

  /** Longest reply, in tokens. Null: the instance's default.
   * @example 1024 */
  max_tokens: number | null;

  /** Null: the instance's default, usually none.
   * @example null */
  openai_prompt_id: string | null;

  /** Null: the version that is current at the upstream.
   * @example null */
  openai_prompt_version: string | null;

  /** Variables of the stored prompt; null: none.
   * @example null */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, nullable: true })
  openai_prompt_variables: Record<string, string> | null;

  /** `stateless`, `conversation` or `hybrid`. Null: the workspace's default.
   * @example null */
  conversation_state: ConversationState | null;

  /** Tried in this order when the model cannot answer.
   * @example ["gpt-6-sol"] */
  fallback_models: string[];

  /** The upstream's own tools that it may use.
   * @example [{"type": "web_search"}] */
  @ApiProperty({ type: 'array', items: HOSTED_TOOL_SCHEMA })
  tools: HostedTool[];

  /** The JSON schema that answers have to fit; null: free text. */
  @ApiProperty({ type: ResponseFormatDto, nullable: true })
  response_format: ResponseFormat | null;

  /** Goes along with requests that the upstream keeps.
   * @example {"team": "support"} */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  metadata: Record<string, string>;

  /** Null: the upstream decides.
   * @example null */
  service_tier: ServiceTier | null;

  /** Personal data that the upstream does not get to see; null: everything is sent as it was written. */
  @ApiProperty({ type: PiiRedactionResponse, nullable: true })
  pii_redaction: PiiRedactionResponse | null;

  /** For how long answers may be given again; null: never. */
  @ApiProperty({ type: AnswerCacheResponse, nullable: true })
  answer_cache: AnswerCacheResponse | null;

  /** Sessions end when nothing was said for so many milliseconds. Null: the instance's default.
   * @example null */
  session_timeout_ms: number | null;
}

const contentFields = (content: PersonaContent): PersonaContentResponse => ({
  name: content.name,
  description: content.description,
  relationship_type: content.relationshipType,
  system_instructions: content.systemInstructions,
  prompt_template: content.promptTemplate,
  model: content.model,
  temperature: content.temperature,
  max_tokens: content.maxTokens,
  openai_prompt_id: content.openaiPromptId,
  openai_prompt_version: content.openaiPromptVersion,
  openai_prompt_variables: content.openaiPromptVariables,
  conversation_state: content.conversationState,
  fallback_models: content.fallbackModels,
  tools: content.tools,
  response_format: content.responseFormat,
  metadata: content.metadata,
  service_tier: content.serviceTier,
  pii_redaction: content.piiRedaction,
  answer_cache: content.answerCache && AnswerCacheResponse.from(content.answerCache),
  session_timeout_ms: content.sessionTimeoutMs,
});

/** A persona with its current content. */
export class PersonaResponse extends PersonaContentResponse {
  /** @example 7 */
  id: number;

  /** @example 2 */
  workspace_id: number;

  /** The user who made it; null for the one that came with the installation.
   * @example 1 */
  owner_id: number | null;

  /** `private`: only its owner. `workspace`: every member of its workspace.
   * @example private */
  visibility: Visibility;

  /** Number of the current version.
   * @example 3 */
  version: number;

  /** The support persona that came with the installation.
   * @example false */
  is_default_support: boolean;

  /** Whether you may change it.
   * @example true */
  can_edit: boolean;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  /** @example 2026-11-21T12:05:00.000Z */
  updated_at: string;

  static from(persona: PersonaView): PersonaResponse {
    return {
      id: persona.id,
      workspace_id: persona.workspaceId,
      owner_id: persona.ownerId,
      ...contentFields(persona),
      visibility: persona.visibility,
      version: persona.version,
      is_default_support: persona.isDefaultSupport,
      can_edit: persona.canEdit,
      created_at: persona.createdAt.toISOString(),
      updated_at: persona.updatedAt.toISOString(),
    };
  }
}

/** One page of personas, newest first. */
export class PersonaListResponse {
  personas: PersonaResponse[];

  /** @example false */
  has_more: boolean;

  /** For `cursor`; null on the last page.
   * @example null */
  next_cursor: string | null;

  static from(page: Page<PersonaView>): PersonaListResponse {
    return {
      personas: page.items.map((persona) => PersonaResponse.from(persona)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }
}

/** What a persona was at one time. It never changes. */
export class PersonaVersionResponse extends PersonaContentResponse {
  /** @example 12 */
  id: number;

  /** @example 7 */
  persona_id: number;

  /** 1, 2, 3 … per persona.
   * @example 2 */
  version: number;

  /** This is the version that answers now.
   * @example false */
  is_current: boolean;

  /** `published`: it answers. `draft`: it has never answered. `testing`: it answers some, in an experiment that runs. `retired`: it has answered before.
   * @example retired */
  @ApiProperty({ enum: VERSION_STATUSES })
  status: VersionStatus;

  /** When it was last made the version that answers; null when it never was.
   * @example 2026-11-21T12:00:00.000Z */
  published_at: string | null;

  /** Who did that.
   * @example 1 */
  published_by: number | null;

  /** The version that a draft was made from.
   * @example null */
  based_on_version: number | null;

  /** The version that a roll-back brought back with this one.
   * @example null */
  restored_from_version: number | null;

  /** The user who made it; null for what came with the installation.
   * @example 1 */
  created_by: number | null;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  static from(version: PersonaVersionView): PersonaVersionResponse {
    return {
      id: version.id,
      persona_id: version.personaId,
      version: version.version,
      is_current: version.isCurrent,
      status: version.status,
      published_at: version.publishedAt?.toISOString() ?? null,
      published_by: version.publishedBy,
      based_on_version: version.basedOnVersion,
      ...contentFields(version),
      restored_from_version: version.restoredFromVersion,
      created_by: version.createdBy,
      created_at: version.createdAt.toISOString(),
    };
  }
}

/** One page of a persona's history, newest first. */
export class PersonaVersionListResponse {
  versions: PersonaVersionResponse[];

  /** @example false */
  has_more: boolean;

  /** For `cursor`; null on the last page.
   * @example null */
  next_cursor: string | null;

  static from(page: Page<PersonaVersionView>): PersonaVersionListResponse {
    return {
      versions: page.items.map((version) => PersonaVersionResponse.from(version)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }
}

/** A suggestion for POST /personas; nothing is saved. */
export class GeneratedPersonaResponse {
  /** @example "Alex is a friend to the user. Supportive and fun. Alex is patient and funny." */
  description: string;

  /** Starts from the default system instructions, with their privacy boundaries. */
  system_instructions: string;

  /** Starts from the default prompt template. */
  prompt_template: string;

  static from(generated: GeneratedPersona): GeneratedPersonaResponse {
    return {
      description: generated.description,
      system_instructions: generated.systemInstructions,
      prompt_template: generated.promptTemplate,
    };
  }
}
