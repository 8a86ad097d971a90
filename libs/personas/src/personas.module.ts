import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PersonaHistoryService } from './persona-history.service';
import { PersonaModelsService } from './persona-models.service';
import { PersonaModelsRepository } from './persistence/persona-models.repository';
import { PersonasService } from './personas.service';
import { PersonaVersionEntity } from './persistence/persona-version.entity';
import { PersonaVersionsRepository } from './persistence/persona-versions.repository';
import { PersonaEntity } from './persistence/persona.entity';
import { PersonasRepository } from './persistence/personas.repository';

@Module({
  imports: [TypeOrmModule.forFeature([PersonaEntity, PersonaVersionEntity])],
  providers: [
    PersonasRepository,
    PersonaVersionsRepository,
    PersonaModelsRepository,
    PersonasService,
    PersonaHistoryService,
    PersonaModelsService,
  ],
  exports: [PersonasService, PersonaHistoryService, PersonaModelsService],
})
export class PersonasModule {}
