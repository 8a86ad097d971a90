import { ApiProperty } from '@nestjs/swagger';
import type { RuleSet } from '../rule-set';
import type { CountingRules } from '../rules.service';

export class KeywordRuleResponse {
  /** @example true */
  enabled: boolean;

  /** @example ["urgent"] */
  words: string[];

  /** @example {"de": ["dringend"]} */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } })
  by_language: Record<string, string[]>;

  /** @example ["not urgent"] */
  except: string[];
}

export class StreakRuleResponse {
  /** @example 3 */
  turns: number;

  /** @example 0.7 */
  below: number;
}

export class SentimentRuleResponse {
  /** @example true */
  enabled: boolean;

  /** @example -0.6 */
  threshold: number;
}

export class OpenHoursResponse {
  /** 1 is Monday.
   * @example 1 */
  day: number;

  /** @example 09:00 */
  from: string;

  /** @example 17:00 */
  to: string;
}

export class BusinessHoursResponse {
  /** @example Europe/Berlin */
  time_zone: string;

  weekly: OpenHoursResponse[];

  /** @example ["2026-12-25"] */
  holidays: string[];
}

export class CustomerTextResponse {
  /** @example "A colleague takes over." */
  text: string;

  /** @example {"de": "Eine Kollegin übernimmt."} */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  by_language: Record<string, string>;
}

/** Null: the text that Parley brings along. */
export class CustomerTextsResponse {
  hand_off: CustomerTextResponse | null;

  return: CustomerTextResponse | null;

  outside_hours: CustomerTextResponse | null;

  ended: CustomerTextResponse | null;
}

export class RuleSetResponse {
  keywords: KeywordRuleResponse;

  /** @example 0.5 */
  confidence_below: number | null;

  /** @example true */
  technical_errors: boolean;

  /** @example true */
  model_decides: boolean;

  /** @example true */
  human_request: boolean;

  low_confidence_streak: StreakRuleResponse | null;

  sentiment: SentimentRuleResponse | null;

  /** @example false */
  human_first: boolean;

  business_hours: BusinessHoursResponse | null;

  /** @example queue */
  outside_hours: 'queue' | 'ai_only';

  /** @example billing */
  skill: string | null;

  /** @example 0 */
  priority: number;

  /** @example ai_answers */
  while_waiting: 'ai_answers' | 'silent';

  texts: CustomerTextsResponse;

  /** @example 300 */
  first_reply_within_s: number | null;

  /** @example false */
  csat: boolean;
}

/** What counts for a persona or a workspace. */
export class EscalationRulesResponse {
  /** @example 1 */
  workspace_id: number;

  /** As you asked; null: for the workspace.
   * @example 1 */
  persona_id: number | null;

  /** Whose they are. `default`: the installation's, which count where customers write: at support chats, WhatsApp and Instagram.
   * @example workspace */
  source: 'persona' | 'workspace' | 'default';

  /** False: nothing is handed over.
   * @example true */
  is_enabled: boolean;

  rules: RuleSetResponse;

  /** Null for the installation's.
   * @example 2026-11-21T12:00:00.000Z */
  created_at: string | null;

  /** @example 2026-11-21T12:00:00.000Z */
  updated_at: string | null;

  static from(counting: CountingRules): EscalationRulesResponse {
    return {
      workspace_id: counting.workspaceId,
      persona_id: counting.personaId,
      source: counting.source,
      is_enabled: counting.isEnabled,
      rules: ruleSet(counting.rules),
      created_at: counting.createdAt?.toISOString() ?? null,
      updated_at: counting.updatedAt?.toISOString() ?? null,
    };
  }
}

/** Stored rules have every field, and in the API's own words. */
const ruleSet = (rules: RuleSet): RuleSetResponse => rules;
