import { Module } from '@nestjs/common';
// The embedded default is the api with a worker in the same process.
import { ApiModule } from '../../api/src/api.module';
import { BackgroundModule } from '../../worker/src/worker.module';

@Module({ imports: [ApiModule, BackgroundModule] })
export class StandaloneModule {}
