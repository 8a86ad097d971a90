import { PersonaModelsService } from '@app/personas';
import { AppConfig } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type ModelsApi, ProviderError } from '../provider';
import { MODELS_API } from '../provider-info';
import { daysUntil, judgeModel } from './judge-model';
import { ModelKnowledgeService } from './model-knowledge.service';
import { ModelWatchRepository, type StoredWarning } from './persistence/model-watch.repository';

/** How often the upstream's list is read. */
const READ_EVERY_MS = 24 * 3_600_000;
/** How soon a reading that failed is tried again, and how far apart several workers that start together are kept. */
const RETRY_AFTER_MS = 10 * 60_000;

/** Reads the upstream's models once a day, and looks who uses one that ends, has ended or is not known there. */
@Injectable()
export class ModelCheckService {
  constructor(
    private readonly config: AppConfig,
    @Inject(MODELS_API) private readonly api: ModelsApi,
    private readonly known: ModelKnowledgeService,
    private readonly watch: ModelWatchRepository,
    private readonly personas: PersonaModelsService,
    private readonly logger: PinoLogger,
  ) {}

  /** Safe to run at any time and in parallel: the upstream is asked once a day, whoever calls this how often. */
  async run(): Promise<void> {
    if (await this.watch.claimReading(this.known.upstream, READ_EVERY_MS, RETRY_AFTER_MS)) await this.read();
    await this.look();
  }

  private async read(): Promise<void> {
    const { upstream } = this.known;
    try {
      const list = await this.api.list();
      if (list.outcome === 'unsupported') {
        await this.watch.storeUnsupported(upstream);
        this.logger.info('the model API has no list of models: nobody can say here which of them end');
        return;
      }
      await this.watch.store(upstream, list);
      this.logger.debug(
        { models: list.models.length, has_dates: list.hasShutdownDates },
        'the list of models was read',
      );
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      await this.watch.storeFailure(upstream, error.code);
      this.logger.warn(
        { code: error.code, detail: error.logDetail },
        'the list of models could not be read; trying again within the hour',
      );
    }
  }

  private async look(): Promise<void> {
    const warnings = await this.findWarnings(new Date());
    for (const warning of await this.watch.replaceWarnings(this.known.upstream, warnings)) this.log(warning);
  }

  private async findWarnings(now: Date): Promise<StoredWarning[]> {
    const [{ knowledge }, used] = await Promise.all([this.known.current(), this.personas.used()]);
    const personasOf = new Map(used.map(({ model, personas }) => [model, personas]));
    const { model: defaultModel } = this.config.openai;
    const { summaryModel } = this.config.limits;
    const named = used.flatMap(({ model }) => (model === null ? [] : [model]));
    const names = new Set([defaultModel, ...(summaryModel === undefined ? [] : [summaryModel]), ...named]);
    return [...names].flatMap((model) => {
      const verdict = judgeModel(model, knowledge, now);
      if (verdict === null) return [];
      const followers = model === defaultModel ? (personasOf.get(null) ?? 0) : 0;
      const { status, shutdownDate } = verdict;
      return [{ model, status, shutdownDate, personas: (personasOf.get(model) ?? 0) + followers }];
    });
  }

  private log({ model, status, shutdownDate, personas }: StoredWarning): void {
    const fields = { model, shutdown_date: shutdownDate, personas };
    const where = 'GET /personas/model-warnings names them and what to do';
    if (status === 'shut_down') {
      this.logger.error(fields, `a model that is in use was shut down; ${where}`);
    } else if (status === 'unknown') {
      this.logger.warn(fields, `a model that is in use is not known to the model API; ${where}`);
    } else {
      const days = daysUntil(shutdownDate!, new Date());
      const level = days <= this.config.limits.modelWarningDays ? 'warn' : 'info';
      this.logger[level]({ ...fields, days_left: days }, `a model that is in use will be shut down; ${where}`);
    }
  }
}
