export { AnswerCacheService } from './answer-cache';
export { AiGatewayHttpModule, AiGatewayWorkerModule } from './ai-gateway.module';
export { BudgetAlerts } from './budgets';
export { DraftWriter } from './draft';
export { LedgerModule } from './ledger.module';
export { RemoteRemovalsService } from './conversation-state';
export { ModelCheckService } from './model-watch';
export { LedgerService } from './ledger.service';
export { ProviderInfo } from './provider-info';
