import { Module } from '@nestjs/common';
import { PersonaVersionsController } from './persona-versions.controller';
import { PersonasController } from './personas.controller';
import { PersonasModule } from './personas.module';

@Module({ imports: [PersonasModule], controllers: [PersonasController, PersonaVersionsController] })
export class PersonasHttpModule {}
