export type { HostedTool, ResponseFormat } from './hosted-tool';
export { CONVERSATION_STATES, type ConversationState } from './persona';
export { contentOf, isSameContent } from './persona';
export type { PersonaContent, PersonaSummary, PersonaVersionSnapshot, Visibility } from './persona';
export { type AnswerCaching, PII_TYPES, type PiiRedaction, type PiiType, type ServiceTier } from './privacy';
export { PersonaContentDto } from './dto/persona.dto';
export { toChangedContent } from './dto/to-content';
export type { Experiment, ExperimentArm } from './experiments/experiment';
export { ExperimentResponse } from './experiments/dto/experiment.response';
export { ExperimentsService } from './experiments/experiments.service';
export { PersonaHistoryService } from './persona-history.service';
export { personaDeleted, personaForbidden } from './personas.errors';
export { PersonaModelsService } from './persona-models.service';
export { PersonasHttpModule } from './personas-http.module';
export { PersonasModule } from './personas.module';
export { PersonasService } from './personas.service';
export {
  RELATIONSHIP_TYPES,
  type RelationshipBehaviours,
  relationshipBehaviours,
  type RelationshipType,
} from './relationship';
