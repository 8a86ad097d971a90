export type { HostedTool, ResponseFormat } from './hosted-tool';
export { CONVERSATION_STATES, type ConversationState } from './persona';
export type { PersonaContent, PersonaSummary, PersonaVersionSnapshot, Visibility } from './persona';
export { type AnswerCaching, PII_TYPES, type PiiRedaction, type PiiType, type ServiceTier } from './privacy';
export { personaDeleted } from './personas.errors';
export { PersonasHttpModule } from './personas-http.module';
export { PersonasModule } from './personas.module';
export { PersonasService } from './personas.service';
export {
  RELATIONSHIP_TYPES,
  type RelationshipBehaviours,
  relationshipBehaviours,
  type RelationshipType,
} from './relationship';
