import { AppError } from '@app/kernel';
import { PageQueryDto } from './page-query.dto';
import { StrictValidationPipe } from './strict-validation.pipe';

const query = { type: 'query', metatype: PageQueryDto } as const;

async function fieldsOf(input: unknown): Promise<unknown> {
  try {
    return await new StrictValidationPipe().transform(input, query);
  } catch (error) {
    return (error as AppError).extra;
  }
}

describe('what is said of wrong input', () => {
  it('a value of the wrong type is told so, and not which bounds it breaks', async () => {
    expect(await fieldsOf({ limit: 'x' })).toEqual({
      errors: [{ field: 'limit', message: 'must be an integer number.' }],
    });
  });

  it('a value of the right type is told its bound, and each field is told once', async () => {
    expect(await fieldsOf({ limit: '201', cursor: 'x'.repeat(201) })).toEqual({
      errors: [
        { field: 'cursor', message: 'must be shorter than or equal to 200 characters.' },
        { field: 'limit', message: 'must not be greater than 200.' },
      ],
    });
  });

  it.each<Record<string, unknown>>([{ toString: 1 }, { valueOf: 1, toString: {} }])(
    'a value that cannot be a number, and breaks whoever tries, is told: %j',
    async (limit) => {
      expect(await fieldsOf({ limit })).toEqual({
        errors: [{ field: 'limit', message: 'has a value of the wrong type.' }],
      });
    },
  );

  it('what is left out has its default', async () => {
    expect(await fieldsOf({})).toEqual({ limit: 50 });
  });
});
