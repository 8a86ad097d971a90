import { ValidateBy } from 'class-validator';

/**
 * A finite number with so many decimal places at most. `IsNumber({ maxDecimalPlaces })` counts the characters of the number as JavaScript writes it, and
 * fails on small ones: 0.0000001 is written as 1e-7.
 */
export const HasDecimals = (max: number): PropertyDecorator =>
  ValidateBy({
    name: 'hasDecimals',
    constraints: [max],
    validator: {
      validate: (value) => typeof value === 'number' && Number.isFinite(value) && Number(value.toFixed(max)) === value,
      defaultMessage: () => `$property must be a number with at most ${max} decimal places`,
    },
  });
