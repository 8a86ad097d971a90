import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PriceEntity } from './price.entity';

@Injectable()
export class PricesRepository {
  constructor(private readonly database: Database) {}

  /** All rows, the newest first. There are a few per model. */
  async all(): Promise<PriceEntity[]> {
    return this.database.repository(PriceEntity).find({ order: { effectiveFrom: 'DESC' } });
  }
}
