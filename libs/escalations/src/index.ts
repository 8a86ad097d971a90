export { FollowedEscalations } from './inbox/followed-escalations.service';
export type { EscalationEnd, FollowedEscalation } from './inbox/persistence/followed-escalations.repository';
export { EscalationsHttpModule, EscalationsWorkerModule } from './escalations.module';
export { afterOpenTime, isOpenAt } from './rules/business-hours';
export { EscalationEvaluator, type EscalationState } from './rules/escalation-evaluator';
export { EscalationRules } from './rules/escalation-rules';
export type { RuleSet } from './rules/rule-set';
export { type Trigger, TRIGGER_KINDS, type TriggerKind } from './rules/trigger';
