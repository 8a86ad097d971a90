import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LedgerService } from './ledger.service';
import { CallMetrics } from './call-metrics';
import { ModelCallEntity } from './persistence/model-call.entity';
import { ModelCallsRepository } from './persistence/model-calls.repository';
import { PricesModule } from './prices';

/** The usage ledger and its prices. */
@Module({
  imports: [TypeOrmModule.forFeature([ModelCallEntity]), PricesModule],
  providers: [CallMetrics, ModelCallsRepository, LedgerService],
  exports: [LedgerService, PricesModule],
})
export class LedgerModule {}
