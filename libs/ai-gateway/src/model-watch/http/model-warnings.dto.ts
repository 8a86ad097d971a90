import { PageQueryDto } from '@app/platform';
import type { ModelStatus } from '../judge-model';
import type {
  ModelRole,
  ModelWarning,
  ModelWarnings,
  PersonaWarnings,
  SettingWarning,
} from '../model-warnings.service';

export class ListModelWarningsQueryDto extends PageQueryDto {}

/** What is wrong with a model, and what to do. */
export class ModelWarningResponse {
  /** @example gpt-4o */
  model: string;

  /** `shut_down`: it does not answer any more. `ending`: it will be shut down. `unknown`: the model API does not list it.
   * @example ending */
  status: ModelStatus;

  /** The day of the shutdown; null when none is known.
   * @example 2027-01-14 */
  shutdown_date: string | null;

  /** Whole days until then (UTC); 0 or less when it has come.
   * @example 54 */
  days_left: number | null;

  /** It has ended, or will within `MODEL_WARNING_DAYS` (90).
   * @example true */
  is_soon: boolean;

  /** The model to take instead, where that is known.
   * @example gpt-6-luna */
  replacement: string | null;

  /** What to do about it.
   * @example "gpt-4o will be shut down on 2027-01-14, in 54 days. Set its model to gpt-6-luna with PATCH /personas/7." */
  advice: string;

  static fieldsOf(warning: ModelWarning): ModelWarningResponse {
    const { model, status, shutdownDate, daysLeft, isSoon, replacement, advice } = warning;
    return {
      model,
      status,
      shutdown_date: shutdownDate,
      days_left: daysLeft,
      is_soon: isSoon,
      replacement,
      advice,
    };
  }
}

/** A warning about a model of a persona. */
export class PersonaModelWarningResponse extends ModelWarningResponse {
  /** What the model does for the persona: its `model`, one of its `fallback_models`, or the instance's default because it names none.
   * @example model */
  role: ModelRole;
}

/** A warning about a setting of the instance. */
export class SettingModelWarningResponse extends ModelWarningResponse {
  /** The setting that names the model.
   * @example OPENAI_MODEL */
  setting: SettingWarning['setting'];
}

/** A persona that uses such a model; one per version while two versions are compared. */
export class PersonaModelWarningsResponse {
  /** @example 7 */
  persona_id: number;

  /** @example 1 */
  workspace_id: number;

  /** @example Alex */
  name: string;

  /** The version that names it: the published one, or one of a comparison that is running.
   * @example 3 */
  version: number;

  warnings: PersonaModelWarningResponse[];

  static from({ personaId, workspaceId, name, version, warnings }: PersonaWarnings): PersonaModelWarningsResponse {
    return {
      persona_id: personaId,
      workspace_id: workspaceId,
      name,
      version,
      warnings: warnings.map((warning) => ({ ...ModelWarningResponse.fieldsOf(warning), role: warning.role })),
    };
  }
}

/** Whose models end, have ended or are not known. */
export class ModelWarningListResponse {
  /** When the list of the model API was read last; null when it never was.
   * @example 2026-11-21T03:00:00.000Z */
  read_at: string | null;

  /** What the model API tells: `dates` (its models and when they end), `models` (its models only), `nothing` (it has no list, or it could not be read
   * yet). What it does not tell nobody can warn of.
   * @example dates */
  known: 'dates' | 'models' | 'nothing';

  /** Models that settings of the instance name. */
  settings: SettingModelWarningResponse[];

  /** Personas, newest version first. */
  personas: PersonaModelWarningsResponse[];

  /** @example false */
  has_more: boolean;

  /** @example null */
  next_cursor: string | null;

  static from({ reading, settings, personas, hasMore, nextCursor }: ModelWarnings): ModelWarningListResponse {
    const isRead = reading !== undefined && reading.readAt !== null && reading.outcome !== 'unsupported';
    return {
      read_at: reading?.readAt?.toISOString() ?? null,
      known: !isRead ? 'nothing' : reading.hasShutdownDates ? 'dates' : 'models',
      settings: settings.map((warning) => ({ ...ModelWarningResponse.fieldsOf(warning), setting: warning.setting })),
      personas: personas.map((persona) => PersonaModelWarningsResponse.from(persona)),
      has_more: hasMore,
      next_cursor: nextCursor,
    };
  }
}
