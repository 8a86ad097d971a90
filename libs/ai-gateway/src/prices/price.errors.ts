import { AppError } from '@app/kernel';
import type { Principal } from '@app/platform';

/** Prices are common to the whole installation. */
export function requirePriceAdmin(principal: Principal): void {
  if (principal.isInstanceAdmin) return;
  throw new AppError(
    'PRICE.FORBIDDEN',
    403,
    'Only an instance admin can change prices and see what re-ratings have changed. GET /prices shows the prices in use.',
  );
}

export const priceNotFound = (id: number): AppError =>
  new AppError('PRICE.NOT_FOUND', 404, `Price ${id} was not found. GET /prices lists the prices in use.`);

export const priceDeleted = (id: number): AppError =>
  new AppError(
    'PRICE.DELETED',
    409,
    `Price ${id} was deleted; it is only kept because calls were rated with it. POST /prices makes a new one.`,
  );

export const priceExists = (): AppError =>
  new AppError(
    'PRICE.EXISTS',
    409,
    'There is a price for this provider, model and service tier from exactly this date on. GET /prices?model=… finds it; change it with PATCH /prices/{id}.',
  );

export const reRatingNotFound = (id: number): AppError =>
  new AppError(
    'PRICE.RE_RATING_NOT_FOUND',
    404,
    `Re-rating ${id} was not found. GET /prices/re-ratings lists them all.`,
  );
