import { AiGatewayWorkerModule } from '@app/ai-gateway';
import { Module } from '@nestjs/common';
// The embedded default is the api with a worker in the same process.
import { ApiModule } from '../../api/src/api.module';

@Module({ imports: [ApiModule, AiGatewayWorkerModule] })
export class StandaloneModule {}
