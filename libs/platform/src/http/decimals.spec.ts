import { Max, Min } from 'class-validator';
import { HasDecimals } from './decimals';
import { StrictValidationPipe } from './strict-validation.pipe';

class AmountDto {
  @HasDecimals(6)
  @Min(-10)
  @Max(1e21)
  amount: number;
}

const take = (amount: unknown): Promise<unknown> =>
  new StrictValidationPipe().transform({ amount }, { type: 'body', metatype: AmountDto });

describe('a number with so many decimal places', () => {
  it.each([0, -0, 1, -1, 0.1, 0.000001, 123456.654321, 1e21, 99999999.999999])('takes %d', async (amount) => {
    expect(await take(amount)).toEqual({ amount });
  });

  it.each([1e-7, 1.5e-7, 5e-324, -5e-324, 0.1234567, NaN, Infinity, -Infinity, '1', null, undefined, [1]])(
    'refuses %p with the name of the field',
    async (amount) => {
      await expect(take(amount)).rejects.toMatchObject({
        extra: { errors: [{ field: 'amount', message: 'must be a number with at most 6 decimal places.' }] },
      });
    },
  );
});
