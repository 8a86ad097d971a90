import type { ConversationState } from '@app/contracts';
import { type HostedTool, type ResponseFormat } from './hosted-tool';
import { type AnswerCaching, type PiiRedaction, type ServiceTier } from './privacy';
import { type RelationshipType } from './relationship';

export const VISIBILITIES = ['private', 'workspace'] as const;

/** `private`: the owner only. `workspace`: every member of the persona's workspace may use it. */
export type Visibility = (typeof VISIBILITIES)[number];

export { CONVERSATION_STATES, type ConversationState } from '@app/contracts';

/** What a version freezes: everything that decides how the persona answers. */
export interface PersonaContent {
  name: string;
  description: string;
  relationshipType: RelationshipType;
  systemInstructions: string;
  promptTemplate: string;
  /** Null: the instance's default applies, also for the two below. */
  model: string | null;
  temperature: number | null;
  maxTokens: number | null;
  openaiPromptId: string | null;
  /** Version of the stored prompt; null: the one that is current at the upstream. */
  openaiPromptVersion: string | null;
  openaiPromptVariables: Record<string, string> | null;
  /** Null: the workspace's default. */
  conversationState: ConversationState | null;
  /** Tried in this order when `model` cannot answer. */
  fallbackModels: string[];
  tools: HostedTool[];
  responseFormat: ResponseFormat | null;
  /** Goes along with every request to the upstream that keeps answers. */
  metadata: Record<string, string>;
  /** Null: nothing is said of it, and the upstream decides. */
  serviceTier: ServiceTier | null;
  /** Null: off. */
  piiRedaction: PiiRedaction | null;
  /** Null: off. */
  answerCache: AnswerCaching | null;
  /** Sessions end when nothing was said for so long, in milliseconds. Null: the instance's default. */
  sessionTimeoutMs: number | null;
}

/** One immutable version, as the turn engine needs it. */
export interface PersonaVersionSnapshot extends PersonaContent {
  /** Id of the version itself; a turn records it. */
  id: number;
  personaId: number;
  workspaceId: number;
  /** 1, 2, 3 … per persona. */
  version: number;
}

/**
 * `published`: it answers. `draft`: it has never answered anybody. `testing`: it answers some, in a comparison that runs. `retired`: it has
 * answered before.
 */
export const VERSION_STATUSES = ['published', 'testing', 'draft', 'retired'] as const;
export type VersionStatus = (typeof VERSION_STATUSES)[number];

/** One version in a persona's history. */
export interface PersonaVersionView extends PersonaVersionSnapshot {
  status: VersionStatus;
  /** When it was last made the one that answers; null when it never was. */
  publishedAt: Date | null;
  publishedBy: number | null;
  /** The version that a draft was made from. */
  basedOnVersion: number | null;
  restoredFromVersion: number | null;
  createdBy: number | null;
  createdAt: Date;
  isCurrent: boolean;
}

/** A persona with its current content, as one user sees it. */
export interface PersonaView extends PersonaContent {
  id: number;
  workspaceId: number;
  ownerId: number | null;
  visibility: Visibility;
  version: number;
  isDefaultSupport: boolean;
  isDeleted: boolean;
  /** This user may change it. */
  canEdit: boolean;
  createdAt: Date;
  updatedAt: Date;
}

/** What other libraries need to know of a persona that a user may use. */
export type PersonaSummary = Pick<
  PersonaView,
  'id' | 'workspaceId' | 'ownerId' | 'name' | 'visibility' | 'version' | 'isDeleted'
>;

export const contentOf = (content: PersonaContent): PersonaContent => ({
  name: content.name,
  description: content.description,
  relationshipType: content.relationshipType,
  systemInstructions: content.systemInstructions,
  promptTemplate: content.promptTemplate,
  model: content.model,
  temperature: content.temperature,
  maxTokens: content.maxTokens,
  openaiPromptId: content.openaiPromptId,
  openaiPromptVersion: content.openaiPromptVersion,
  openaiPromptVariables: content.openaiPromptVariables,
  conversationState: content.conversationState,
  fallbackModels: content.fallbackModels,
  tools: content.tools,
  responseFormat: content.responseFormat,
  metadata: content.metadata,
  serviceTier: content.serviceTier,
  piiRedaction: content.piiRedaction,
  answerCache: content.answerCache,
  sessionTimeoutMs: content.sessionTimeoutMs,
});

/** Compared as JSON: a schema whose fields come in another order is another one, for models write them in that order. */
export const isSameContent = (a: PersonaContent, b: PersonaContent): boolean =>
  JSON.stringify(contentOf(a)) === JSON.stringify(contentOf(b));
