import { WorkspacesService } from '@app/auth';
import { badInput } from '@app/kernel';
import type { Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { EscalationRules } from './escalation-rules';
import type { RuleSetDto } from './http/rule-set.dto';
import { EscalationRulesRepository, type StoredRules } from './persistence/escalation-rules.repository';
import type { RuleSet } from './rule-set';
import { rulesNotFound, tooManyRules } from './rules.errors';
import { completed } from './rules-of-owner';

/** Of one workspace: every process has them in memory. */
export const MAX_RULE_SETS = 200;

/** Whose rules: a persona's, or those of a workspace. */
export interface RulesPlace {
  workspaceId: number;
  personaId: number | null;
}

/** What counts at a place, and where it comes from. */
export interface CountingRules extends RulesPlace {
  /** `default`: the installation's, which count where customers write: at support chats, WhatsApp and Instagram. */
  source: 'persona' | 'workspace' | 'default';
  isEnabled: boolean;
  rules: RuleSet;
  /** Null for the installation's. */
  createdAt: Date | null;
  updatedAt: Date | null;
}

/** Reading and changing rules: for owners of the workspace. */
@Injectable()
export class RulesService {
  constructor(
    private readonly repository: EscalationRulesRepository,
    private readonly rules: EscalationRules,
    private readonly workspaces: WorkspacesService,
  ) {}

  /** What counts there now. @throws 404 WORKSPACE.NOT_FOUND, 403 WORKSPACE.FORBIDDEN, 422 for a persona of another workspace */
  async get(principal: Principal, place: RulesPlace): Promise<CountingRules> {
    await this.check(principal, place);
    const own = place.personaId === null ? undefined : await this.repository.find(place.workspaceId, place.personaId);
    const stored = own ?? (await this.repository.find(place.workspaceId, null));
    if (stored === undefined) {
      const { defaults, isOnByDefault } = this.rules;
      return {
        ...place,
        source: 'default',
        isEnabled: isOnByDefault,
        rules: defaults,
        createdAt: null,
        updatedAt: null,
      };
    }
    return { ...place, ...this.shown(stored), source: own === undefined ? 'workspace' : 'persona' };
  }

  /** It counts at once, in all processes within seconds. @throws as `get`; 409 ESCALATION.TOO_MANY_RULES */
  async save(principal: Principal, place: RulesPlace, isEnabled: boolean, sent: RuleSetDto): Promise<CountingRules> {
    await this.check(principal, place);
    const saved = await this.repository.save({ ...place, isEnabled, rules: this.complete(sent) }, MAX_RULE_SETS);
    if (!saved) throw tooManyRules(MAX_RULE_SETS);
    await this.rules.changed(place.workspaceId);
    return this.get(principal, place);
  }

  /** What is more general counts again. @throws as `get`; 404 ESCALATION.RULES_NOT_FOUND */
  async remove(principal: Principal, place: RulesPlace): Promise<void> {
    await this.workspaces.requireOwner(principal, place.workspaceId);
    if (!(await this.repository.remove(place.workspaceId, place.personaId))) {
      throw rulesNotFound(place.workspaceId, place.personaId);
    }
    await this.rules.changed(place.workspaceId);
  }

  complete(sent: RuleSetDto): RuleSet {
    return completed(sent, this.rules.defaults);
  }

  private shown({
    isEnabled,
    rules,
    createdAt,
    updatedAt,
  }: StoredRules): Omit<CountingRules, keyof RulesPlace | 'source'> {
    return { isEnabled, rules: { ...this.rules.defaults, ...rules }, createdAt, updatedAt };
  }

  private async check(principal: Principal, { workspaceId, personaId }: RulesPlace): Promise<void> {
    await this.workspaces.requireOwner(principal, workspaceId);
    if (personaId !== null && !(await this.repository.hasPersona(workspaceId, personaId))) {
      throw badInput('persona_id', 'is no persona of this workspace.');
    }
  }
}
