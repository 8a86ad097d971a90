export const TRIGGER_KINDS = [
  'human_first',
  'human_request',
  'keyword',
  'model_decision',
  'technical_error',
  'low_confidence',
  'low_confidence_streak',
  'sentiment',
] as const;

/** Why a person is to take over, in the order in which several of them are named. */
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

export interface Trigger {
  kind: TriggerKind;
  /** What made it fire, in at most 300 characters. It may quote the customer, so it is stored encrypted where the conversation is. */
  evidence: string;
}
