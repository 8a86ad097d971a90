import { AppError, badInput, type FieldError } from '@app/kernel';
import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { rememberTakenOut } from './free-json';
import { assertSaneInput, findInconvertible } from './input-guard';

const MAX_REPORTED = 50;
/** Rules of class-validator that are about the type of a value. */
const TYPE_RULES = new Set([
  'isDefined',
  'isString',
  'isInt',
  'isNumber',
  'hasDecimals',
  'isBoolean',
  'isArray',
  'isObject',
]);

const OPTIONAL_BODY = 'parley:optional-body';

/** On a class of a body: a request without any body is one with an empty object. */
export const OptionalBody = (): ClassDecorator => (target) => Reflect.defineMetadata(OPTIONAL_BODY, true, target);

const mayBeLeftOut = (metatype: object): boolean => Reflect.getMetadata(OPTIONAL_BODY, metatype) === true;

/** Every body, query and parameter: unknown fields are refused, wrong ones are a 422 that lists each field. */
@Injectable()
export class StrictValidationPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors: ValidationError[]) => toAppError(errors),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'custom') return value;
    assertSaneInput(value, metadata.data ?? metadata.type);
    // Path parameters have pipes of their own; converting here would let `1e3` pass as the id 1000.
    if (metadata.type === 'param') return value;
    const isClass =
      metadata.metatype !== undefined && ![String, Number, Boolean, Array, Object].includes(metadata.metatype as never);
    if (metadata.type === 'body' && isClass && value === undefined && mayBeLeftOut(metadata.metatype)) {
      return super.transform({}, metadata);
    }
    if (metadata.type === 'body' && isClass && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw new AppError('REQUEST.INVALID', 422, 'body: must be a JSON object.', {
        errors: [{ field: 'body', message: 'must be a JSON object.' }],
      });
    }
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      // Where a number is wanted, class-transformer makes one of whatever comes: `{"toString": 1}` cannot become anything.
      const field = error instanceof TypeError ? findInconvertible(value) : undefined;
      throw field === undefined ? error : badInput(field, 'has a value of the wrong type.');
    }
  }

  /** Nest takes names such as `constructor` out of the input, in place; `IsFreeJson` has them back. */
  protected override stripProtoKeys(value: unknown): void {
    rememberTakenOut(value);
    super.stripProtoKeys(value);
  }
}

function toAppError(errors: ValidationError[]): AppError {
  const fields = errors.flatMap((error) => flatten(error, '')).slice(0, MAX_REPORTED);
  const [first] = fields;
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : '';
  const detail = first === undefined ? 'The request is not valid.' : `${first.field}: ${first.message}${more}`;
  return new AppError('REQUEST.INVALID', 422, detail, { errors: fields });
}

function flatten(error: ValidationError, prefix: string): FieldError[] {
  const name = error.property === '' ? '(empty name)' : error.property;
  const field = `${prefix}${name}`.slice(0, 100);
  const broken = Object.entries(error.constraints ?? {});
  // Of what has the wrong type, bounds and patterns say nothing.
  const [rule, text] = broken.find(([name]) => TYPE_RULES.has(name)) ?? broken[0] ?? [];
  const own = rule === undefined ? [] : [{ field, message: phrase(rule, text!, error.property) }];
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, `${field}.`))];
}

/** class-validator begins its texts with the property; the field is already named before the colon. */
function phrase(rule: string, text: string, property: string): string {
  if (rule === 'whitelistValidation') return 'is not a known field here.';
  const rest = text.startsWith(`${property} `) ? text.slice(property.length + 1) : text;
  return rest.endsWith('.') ? rest : `${rest}.`;
}
