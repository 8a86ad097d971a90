import { badInput } from '@app/kernel';
import { Database, isUniqueViolation, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, toPage } from '../cursor';
import { PersonaHistoryService } from '../persona-history.service';
import { PersonaPublishingService } from '../persona-publishing.service';
import { experimentNotFound, experimentRunning, experimentStopped } from '../personas.errors';
import { PersonasService } from '../personas.service';
import { ExperimentsRepository } from '../persistence/experiments.repository';
import { type Experiment, type ExperimentArm, type NewExperiment } from './experiment';

/**
 * Compares two versions of a persona. Which conversation gets which is decided by the statements that accept its first message and begin its
 * turns; here it is only said what is compared, and for how long.
 */
@Injectable()
export class ExperimentsService {
  constructor(
    private readonly database: Database,
    private readonly personas: PersonasService,
    private readonly history: PersonaHistoryService,
    private readonly publishing: PersonaPublishingService,
    private readonly experiments: ExperimentsRepository,
  ) {}

  /**
   * @param experiment version A is the published one unless given
   * @throws 403 PERSONA.FORBIDDEN, 404 PERSONA.NOT_FOUND or PERSONA.VERSION_NOT_FOUND, 409 PERSONA.EXPERIMENT_RUNNING
   */
  async start(
    principal: Principal,
    personaId: number,
    experiment: Omit<NewExperiment, 'versionA'> & { versionA?: number },
  ): Promise<Experiment> {
    try {
      return await this.database.transaction(async () => {
        const persona = await this.personas.lockForEdit(principal, personaId);
        const running = await this.experiments.running(personaId);
        if (running !== undefined) throw experimentRunning(personaId, running);
        const versionA = experiment.versionA ?? persona.version;
        if (versionA === experiment.versionB) {
          throw badInput('version_b', `must be another version than version_a, which is ${versionA}.`);
        }
        await this.history.get(principal, personaId, versionA);
        await this.history.get(principal, personaId, experiment.versionB);
        const id = await this.experiments.start(personaId, { ...experiment, versionA }, principal.userId);
        return this.get(principal, personaId, id);
      });
    } catch (error) {
      if (isUniqueViolation(error, 'persona_experiments_one_running_key')) throw experimentRunning(personaId, '{id}');
      throw error;
    }
  }

  /**
   * From now on every conversation gets the current version, which is that of the winner when one is named.
   * @throws 403 PERSONA.FORBIDDEN, 404 PERSONA.NOT_FOUND or PERSONA.EXPERIMENT_NOT_FOUND, 409 PERSONA.EXPERIMENT_STOPPED
   */
  async stop(principal: Principal, personaId: number, id: number, winner?: ExperimentArm): Promise<Experiment> {
    return this.database.transaction(async () => {
      await this.personas.lockForEdit(principal, personaId);
      const experiment = await this.get(principal, personaId, id);
      if (experiment.stoppedAt !== null) throw experimentStopped(personaId, id);
      const version = winner === undefined ? null : winner === 'a' ? experiment.versionA : experiment.versionB;
      await this.experiments.stop(id, principal.userId, version);
      if (version !== null) await this.publishing.publish(principal, personaId, version);
      return this.get(principal, personaId, id);
    });
  }

  /** @throws 404 PERSONA.NOT_FOUND or PERSONA.EXPERIMENT_NOT_FOUND */
  async get(principal: Principal, personaId: number, id: number): Promise<Experiment> {
    await this.personas.get(principal, personaId);
    const found = await this.experiments.find(principal.userId, personaId, id);
    if (found === undefined) throw experimentNotFound(personaId, id);
    return found;
  }

  /** Newest first. @throws 404 PERSONA.NOT_FOUND */
  async list(
    principal: Principal,
    personaId: number,
    page: { limit: number; cursor?: string },
  ): Promise<Page<Experiment>> {
    await this.personas.get(principal, personaId);
    const beforeId = page.cursor === undefined ? undefined : decodeCursor(page.cursor);
    const found = await this.experiments.list(principal.userId, personaId, { limit: page.limit + 1, beforeId });
    return toPage(found, page.limit, ({ id }) => id);
  }
}
