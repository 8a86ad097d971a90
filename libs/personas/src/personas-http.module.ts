import { Module } from '@nestjs/common';
import { PersonaVersionsController } from './persona-versions.controller';
import { PersonasController } from './personas.controller';
import { ExperimentsController } from './experiments/experiments.controller';
import { PersonasModule } from './personas.module';

@Module({
  imports: [PersonasModule],
  controllers: [PersonasController, PersonaVersionsController, ExperimentsController],
})
export class PersonasHttpModule {}
