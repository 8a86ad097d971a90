import { AiGatewayWorkerModule } from '@app/ai-gateway';
import { HealthModule, HttpModule, PlatformModule } from '@app/platform';
import { Module } from '@nestjs/common';

/** Answers messages; over HTTP it only says how it is. */
@Module({ imports: [PlatformModule, HttpModule, HealthModule, AiGatewayWorkerModule] })
export class WorkerModule {}
