import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LedgerService } from './ledger.service';
import { ModelCallEntity } from './persistence/model-call.entity';
import { ModelCallsRepository } from './persistence/model-calls.repository';
import { PriceEntity } from './persistence/price.entity';
import { PricesRepository } from './persistence/prices.repository';
import { PriceBook } from './price-book';

/** The usage ledger and its prices. */
@Module({
  imports: [TypeOrmModule.forFeature([ModelCallEntity, PriceEntity])],
  providers: [ModelCallsRepository, PricesRepository, PriceBook, LedgerService],
  exports: [LedgerService, PriceBook],
})
export class LedgerModule {}
