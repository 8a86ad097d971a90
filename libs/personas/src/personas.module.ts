import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExperimentsService } from './experiments/experiments.service';
import { PersonaHistoryService } from './persona-history.service';
import { PersonaPublishingService } from './persona-publishing.service';
import { PersonasService } from './personas.service';
import { ExperimentsRepository } from './persistence/experiments.repository';
import { PersonaVersionEntity } from './persistence/persona-version.entity';
import { PersonaVersionsRepository } from './persistence/persona-versions.repository';
import { PersonaEntity } from './persistence/persona.entity';
import { PersonasRepository } from './persistence/personas.repository';

@Module({
  imports: [TypeOrmModule.forFeature([PersonaEntity, PersonaVersionEntity])],
  providers: [
    PersonasRepository,
    PersonaVersionsRepository,
    ExperimentsRepository,
    PersonasService,
    PersonaHistoryService,
    PersonaPublishingService,
    ExperimentsService,
  ],
  exports: [PersonasService, PersonaHistoryService, PersonaPublishingService, ExperimentsService],
})
export class PersonasModule {}
