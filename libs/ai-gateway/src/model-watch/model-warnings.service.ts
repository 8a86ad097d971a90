import { PersonaModelsService } from '@app/personas';
import { AppConfig, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { judgeModel, type ModelKnowledge, type ModelVerdict } from './judge-model';
import { ModelKnowledgeService } from './model-knowledge.service';
import { knownShutdowns } from './known-shutdowns';
import type { ModelReading } from './persistence/model-watch.repository';

/** What a model does for a persona. */
export type ModelRole = 'model' | 'default_model' | 'fallback_model';

/** Something to change, and how. */
export interface ModelWarning extends ModelVerdict {
  model: string;
  /** It ends within MODEL_WARNING_DAYS, or has ended. */
  isSoon: boolean;
  advice: string;
}

export interface PersonaWarnings {
  personaId: number;
  workspaceId: number;
  name: string;
  version: number;
  warnings: (ModelWarning & { role: ModelRole })[];
}

export interface SettingWarning extends ModelWarning {
  setting: 'OPENAI_MODEL' | 'SUMMARY_MODEL';
}

export interface ModelWarnings {
  reading: ModelReading | undefined;
  settings: SettingWarning[];
  personas: PersonaWarnings[];
  hasMore: boolean;
  nextCursor: string | null;
}

/** Tells whose models end, have ended or are not known. */
@Injectable()
export class ModelWarningsService {
  constructor(
    private readonly config: AppConfig,
    private readonly known: ModelKnowledgeService,
    private readonly personas: PersonaModelsService,
  ) {}

  async list(principal: Principal, page: { limit: number; cursor?: string }): Promise<ModelWarnings> {
    const now = new Date();
    const { knowledge, reading } = await this.known.current();
    const { model: defaultModel } = this.config.openai;
    const filter = { ...suspectsIn(knowledge, defaultModel, now), defaultModel };
    const found = await this.personas.usersOf(principal, filter, page);
    return {
      reading,
      settings: this.settingWarnings(knowledge, now),
      personas: found.items.map(({ personaId, workspaceId, name, version, model, fallbackModels }) => {
        const first = { model: model ?? defaultModel, role: model === null ? 'default_model' : 'model' } as const;
        const others = fallbackModels.map((fallback) => ({ model: fallback, role: 'fallback_model' }) as const);
        const warnings = [first, ...others].flatMap(({ model: used, role }) => {
          const warning = this.warningOf(used, knowledge, now, whatToDo(role, personaId));
          return warning === null ? [] : [{ ...warning, role }];
        });
        return { personaId, workspaceId, name, version, warnings };
      }),
      hasMore: found.hasMore,
      nextCursor: found.nextCursor,
    };
  }

  private settingWarnings(knowledge: ModelKnowledge, now: Date): SettingWarning[] {
    const { summaryModel } = this.config.limits;
    const settings: [SettingWarning['setting'], string | undefined][] = [
      ['OPENAI_MODEL', this.config.openai.model],
      ['SUMMARY_MODEL', summaryModel],
    ];
    return settings.flatMap(([setting, model]) => {
      if (model === undefined) return [];
      const to = (replacement: string): string => `Set ${setting} to ${replacement} and restart.`;
      const warning = this.warningOf(model, knowledge, now, to);
      return warning === null ? [] : [{ ...warning, setting }];
    });
  }

  private warningOf(
    model: string,
    knowledge: ModelKnowledge,
    now: Date,
    to: (replacement: string) => string,
  ): ModelWarning | null {
    const verdict = judgeModel(model, knowledge, now);
    if (verdict === null) return null;
    const { status, daysLeft, replacement } = verdict;
    const isSoon = status === 'shut_down' || (daysLeft !== null && daysLeft <= this.config.limits.modelWarningDays);
    const advice = `${whatIsWrong(model, verdict)} ${to(replacement ?? 'another model')}`;
    return { ...verdict, model, isSoon, advice };
  }
}

/** For the database: models that are worth telling of, and those that are not. */
function suspectsIn(
  knowledge: ModelKnowledge,
  defaultModel: string,
  now: Date,
): { suspects: string[]; fine: string[]; othersCount: boolean } {
  const listed = [...knowledge.models.keys()];
  const names = new Set([...listed, ...listed.map((name) => name.replace(/:latest$/, '')), defaultModel]);
  for (const { model } of knownShutdowns()) names.add(model);
  const suspects = [...names].filter((name) => judgeModel(name, knowledge, now) !== null);
  const isSuspect = new Set(suspects);
  return { suspects, fine: [...names].filter((name) => !isSuspect.has(name)), othersCount: knowledge.isComplete };
}

function whatIsWrong(model: string, { status, shutdownDate, daysLeft }: ModelVerdict): string {
  if (status === 'unknown') return `The model API does not know ${model}.`;
  if (status === 'ending') return `${model} will be shut down on ${shutdownDate}, in ${daysLeft} days.`;
  return shutdownDate === null || daysLeft! > 0
    ? `The model API does not offer ${model} any more.`
    : `${model} was shut down on ${shutdownDate}.`;
}

function whatToDo(role: ModelRole, personaId: number): (replacement: string) => string {
  switch (role) {
    case 'model':
      return (replacement) => `Set its model to ${replacement} with PATCH /personas/${personaId}.`;
    case 'fallback_model':
      return (replacement) => `Put ${replacement} into its fallback_models with PATCH /personas/${personaId}.`;
    case 'default_model':
      return (replacement) =>
        `It follows the instance: set OPENAI_MODEL to ${replacement}, or give it a model of its own with PATCH /personas/${personaId}.`;
  }
}
