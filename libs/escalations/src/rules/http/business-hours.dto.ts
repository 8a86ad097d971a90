import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsObject,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { isTimeZone } from '../business-hours';

const TIME = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;

const isDate = (value: unknown): boolean => {
  if (typeof value !== 'string' || !DATE.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
};

const IsTimeZone = (): PropertyDecorator =>
  ValidateBy({
    name: 'isTimeZoneOfPlace',
    validator: {
      validate: (value) => typeof value === 'string' && isTimeZone(value),
      defaultMessage: (given) => `${given?.property} must be a name of the IANA database, such as Europe/Berlin`,
    },
  });

const AreDates = (): PropertyDecorator =>
  ValidateBy({
    name: 'areDates',
    validator: {
      validate: (value) => Array.isArray(value) && value.every(isDate),
      defaultMessage: (given) => `${given?.property} must hold days such as 2026-12-25`,
    },
  });

export class OpenHoursDto {
  /** 1 is Monday, 7 is Sunday.
   * @example 1 */
  @IsInt()
  @Min(1)
  @Max(7)
  day: number;

  /** `HH:MM` by the clock of the place.
   * @example 09:00 */
  @Matches(TIME, { message: 'from must be a time such as 09:00' })
  from: string;

  /** `HH:MM`, up to 24:00. Not after `from`: it ends on the next day.
   * @example 17:00 */
  @Matches(TIME, { message: 'to must be a time such as 17:00' })
  to: string;
}

/** When people are there. */
export class BusinessHoursDto {
  /** A name of the IANA database.
   * @example Europe/Berlin */
  @IsString()
  @Length(1, 60)
  @IsTimeZone()
  time_zone: string;

  /** Up to 50 stretches of time. Empty: never. */
  @IsArray()
  @ArrayMaxSize(50)
  // An empty list within the list has nothing that could be wrong.
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OpenHoursDto)
  weekly: OpenHoursDto[];

  /** Days on which nobody is there, up to 400.
   * @example ["2026-12-25"] */
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(400)
  @IsString({ each: true })
  @AreDates()
  holidays?: string[];
}
