export { AiGatewayHttpModule, AiGatewayWorkerModule, LedgerModule } from './ai-gateway.module';
export { RemoteRemovalsService } from './conversation-state';
export { ModelCheckService } from './model-watch';
export { LedgerService } from './ledger.service';
export { ProviderInfo } from './provider-info';
