import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PersonaHistoryService } from './persona-history.service';
import { PersonasService } from './personas.service';
import { PersonaVersionEntity } from './persistence/persona-version.entity';
import { PersonaVersionsRepository } from './persistence/persona-versions.repository';
import { PersonaEntity } from './persistence/persona.entity';
import { PersonasRepository } from './persistence/personas.repository';

@Module({
  imports: [TypeOrmModule.forFeature([PersonaEntity, PersonaVersionEntity])],
  providers: [PersonasRepository, PersonaVersionsRepository, PersonasService, PersonaHistoryService],
  exports: [PersonasService, PersonaHistoryService],
})
export class PersonasModule {}
