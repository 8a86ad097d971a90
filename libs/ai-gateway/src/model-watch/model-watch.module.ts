import { PersonasModule } from '@app/personas';
import { HealthModule } from '@app/platform';
import { Module } from '@nestjs/common';
import { ProviderModule } from '../provider.module';
import { ModelCheckService } from './model-check.service';
import { ModelKnowledgeService } from './model-knowledge.service';
import { ModelWarningsService } from './model-warnings.service';
import { ModelsState } from './models-state';
import { ModelWatchRepository } from './persistence/model-watch.repository';

/** What is known of the upstream's models, for every process. */
@Module({
  imports: [HealthModule, PersonasModule],
  providers: [ModelWatchRepository, ModelKnowledgeService, ModelsState, ModelWarningsService],
  exports: [ModelWatchRepository, ModelKnowledgeService, ModelWarningsService],
})
export class ModelWatchModule {}

/** Reads the upstream's list, for processes with jobs. */
@Module({
  imports: [ModelWatchModule, PersonasModule, ProviderModule],
  providers: [ModelCheckService],
  exports: [ModelCheckService],
})
export class ModelCheckModule {}
