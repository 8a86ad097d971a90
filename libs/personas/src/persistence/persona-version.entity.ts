import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { type HostedTool, type ResponseFormat } from '../hosted-tool';
import { type ConversationState } from '../persona';
import { type AnswerCaching, type PiiRedaction, type ServiceTier } from '../privacy';
import { type RelationshipType } from '../relationship';

/** A snapshot of a persona. A trigger refuses every UPDATE. */
@Entity('persona_versions')
export class PersonaVersionEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id: number;

  @Column({ name: 'persona_id', type: 'bigint' })
  personaId: number;

  /** 1, 2, 3 … per persona. */
  @Column({ type: 'integer' })
  version: number;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  description: string;

  @Column({ name: 'relationship_type', type: 'text' })
  relationshipType: RelationshipType;

  @Column({ name: 'system_instructions', type: 'text' })
  systemInstructions: string;

  @Column({ name: 'prompt_template', type: 'text' })
  promptTemplate: string;

  @Column({ type: 'text', nullable: true })
  model: string | null;

  @Column({ type: 'double precision', nullable: true })
  temperature: number | null;

  @Column({ name: 'max_tokens', type: 'integer', nullable: true })
  maxTokens: number | null;

  @Column({ name: 'openai_prompt_id', type: 'text', nullable: true })
  openaiPromptId: string | null;

  @Column({ name: 'openai_prompt_version', type: 'text', nullable: true })
  openaiPromptVersion: string | null;

  @Column({ name: 'openai_prompt_variables', type: 'json', nullable: true })
  openaiPromptVariables: Record<string, string> | null;

  @Column({ name: 'conversation_state', type: 'text', nullable: true })
  conversationState: ConversationState | null;

  @Column({ name: 'fallback_models', type: 'text', array: true, default: [] })
  fallbackModels: string[];

  /** `json` keeps the order of fields, which matters to models. */
  @Column({ type: 'json', default: [] })
  tools: HostedTool[];

  @Column({ name: 'response_format', type: 'json', nullable: true })
  responseFormat: ResponseFormat | null;

  @Column({ type: 'json', default: {} })
  metadata: Record<string, string>;

  @Column({ name: 'service_tier', type: 'varchar', length: 20, nullable: true })
  serviceTier: ServiceTier | null;

  @Column({ name: 'pii_redaction', type: 'json', nullable: true })
  piiRedaction: PiiRedaction | null;

  @Column({ name: 'answer_cache', type: 'json', nullable: true })
  answerCache: AnswerCaching | null;

  @Column({ name: 'session_timeout_ms', type: 'bigint', nullable: true })
  sessionTimeoutMs: number | null;

  /** The version whose content a roll-back brought back. */
  @Column({ name: 'restored_from_version', type: 'integer', nullable: true })
  restoredFromVersion: number | null;

  /** The version that a draft was made from. */
  @Column({ name: 'based_on_version', type: 'integer', nullable: true })
  basedOnVersion: number | null;

  /** The user who made it; not a foreign key, see the migration. */
  @Column({ name: 'created_by', type: 'bigint', nullable: true })
  createdBy: number | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
