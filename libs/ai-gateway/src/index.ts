export { AiGatewayHttpModule, AiGatewayWorkerModule, LedgerModule } from './ai-gateway.module';
export { LedgerService } from './ledger.service';
export { ProviderInfo } from './provider-info';
