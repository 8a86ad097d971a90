import type { Admission, AdmissionPort, TurnCandidate } from '@app/contracts';
import { TurnAdmission, TurnHandOff } from '@app/conversations';
import { PersonasService } from '@app/personas';
import { AppConfig } from '@app/platform';
import { SessionPrompts } from '@app/sessions';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { isVerdictWanted, VERDICT_TOKENS } from '../verdict';
import { BudgetIndex } from './budget-index';
import { CallBudgets } from './call-budgets';
import { estimateInput } from './call-estimate';

/** Answers whether a message still fits the budgets, before it becomes a turn. */
@Injectable()
export class BudgetAdmission implements AdmissionPort, OnModuleInit {
  constructor(
    private readonly door: TurnAdmission,
    private readonly index: BudgetIndex,
    private readonly calls: CallBudgets,
    private readonly personas: PersonasService,
    private readonly sessions: SessionPrompts,
    private readonly handOff: TurnHandOff,
    private readonly config: AppConfig,
  ) {}

  onModuleInit(): void {
    this.door.use(this);
  }

  isLimited(workspaceId?: number): boolean {
    return this.index.isLimited(workspaceId);
  }

  async prepare(candidate: TurnCandidate): Promise<Admission> {
    const { personaId, personaVersion } = candidate;
    const persona = personaVersion === null ? null : await this.personas.version(personaId, personaVersion);
    // It is refused for another reason then.
    if (persona === null) return { reserve: () => Promise.resolve() };
    const { openai, limits } = this.config;
    const models = [persona.model ?? openai.model, ...persona.fallbackModels];
    const session = await this.sessions.of(candidate);
    const wantsVerdict = isVerdictWanted(this.handOff, candidate, persona);
    const input = estimateInput(candidate, persona, limits.contextTokenBudget, session, wantsVerdict);
    const longest = (persona.maxTokens ?? openai.maxTokens) + (wantsVerdict ? VERDICT_TOKENS : 0);
    const estimate = await this.calls.rate(models, input, longest, persona.serviceTier);
    return { reserve: (turnId) => this.calls.reserve(candidate, estimate, { turnId }) };
  }
}
