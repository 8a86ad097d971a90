export { AnswerCacheService } from './answer-cache';
export { AiGatewayHttpModule, AiGatewayWorkerModule, LedgerModule } from './ai-gateway.module';
export { RemoteRemovalsService } from './conversation-state';
export { LedgerService } from './ledger.service';
export { ProviderInfo } from './provider-info';
