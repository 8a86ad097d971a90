import { AppError } from '@app/kernel';
import { type Experiment, ExperimentsService, PersonasService } from '@app/personas';
import type { Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ExperimentResultsRepository } from '../persistence/experiment-results.repository';
import { type ExperimentReport, reportOf } from './experiment-report';

const reportForbidden = (personaId: number): AppError =>
  new AppError(
    'PERSONA.FORBIDDEN',
    403,
    `What the conversations with persona ${personaId} cost, and how they were rated, is for who may change it: its owner and the owners of its workspace.`,
  );

/** What a comparison of two versions has shown so far. */
@Injectable()
export class ExperimentReportsService {
  constructor(
    private readonly personas: PersonasService,
    private readonly experiments: ExperimentsService,
    private readonly results: ExperimentResultsRepository,
  ) {}

  /** @throws 403 PERSONA.FORBIDDEN, 404 PERSONA.NOT_FOUND or PERSONA.EXPERIMENT_NOT_FOUND */
  async get(
    principal: Principal,
    personaId: number,
    experimentId: number,
  ): Promise<{ experiment: Experiment; report: ExperimentReport }> {
    const persona = await this.personas.get(principal, personaId);
    const experiment = await this.experiments.get(principal, personaId, experimentId);
    if (!persona.canEdit) throw reportForbidden(personaId);
    const [ledger, conversations] = await Promise.all([
      this.results.ledger(experimentId),
      this.results.conversations(experimentId),
    ]);
    return { experiment, report: reportOf(experiment, ledger, conversations) };
  }
}
