export { PriceBook } from './price-book';
export { PricesHttpModule, PricesModule, ReRatingModule } from './prices.module';
export { type CostDelta, type ReRatedListener, ReRatedListeners } from './re-rated-listeners';
