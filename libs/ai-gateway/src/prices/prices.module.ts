import { QueueWorkerModule } from '@app/platform';
import { Module } from '@nestjs/common';
import { PriceChangesRepository } from './persistence/price-changes.repository';
import { PricesRepository } from './persistence/prices.repository';
import { RatedCallsRepository } from './persistence/rated-calls.repository';
import { ReRatingsRepository } from './persistence/re-ratings.repository';
import { PriceBook } from './price-book';
import { PriceImportService } from './price-import.service';
import { PricesController } from './prices.controller';
import { PricesService } from './prices.service';
import { ReRatedListeners } from './re-rated-listeners';
import { ReRater } from './re-rater';
import { ReRatingProcessor } from './re-rating.processor';
import { ReRatingsController } from './re-ratings.controller';
import { ReRatingsService } from './re-ratings.service';

/** The prices that calls are rated with. */
@Module({ providers: [PricesRepository, PriceBook], exports: [PricesRepository, PriceBook] })
export class PricesModule {}

/** For processes that serve HTTP: looking at prices, changing them, ordering re-ratings. */
@Module({
  imports: [PricesModule],
  controllers: [ReRatingsController, PricesController],
  providers: [PriceChangesRepository, ReRatingsRepository, ReRatingsService, PricesService, PriceImportService],
})
export class PricesHttpModule {}

/** For processes that work in the background: the job `prices.re-rate`. Who keeps sums of costs adds itself to `ReRatedListeners`. */
@Module({
  imports: [PricesModule, QueueWorkerModule],
  providers: [ReRatingsRepository, RatedCallsRepository, ReRatedListeners, ReRater, ReRatingProcessor],
  exports: [ReRatedListeners],
})
export class ReRatingModule {}
