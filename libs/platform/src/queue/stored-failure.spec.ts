import { AppError } from '@app/kernel';
import { QueryFailedError } from 'typeorm';
import { StoredFailure } from './stored-failure';

const SECRET = 'what Alice wrote';
const storedOf = (error: unknown): string => {
  const { message, stack } = new StoredFailure(error);
  return `${message}\n${stack}`;
};

describe('StoredFailure', () => {
  const driverError = Object.assign(new Error(`invalid input syntax for type bigint: "${SECRET}"`), { code: '22P02' });

  it.each([
    ['a failed statement', new QueryFailedError(`SELECT '${SECRET}'`, [SECRET], driverError)],
    ['the driver', driverError],
    ['a parser that quotes its input', new SyntaxError(`Unexpected token, "${SECRET}" is not valid JSON`)],
    ['a message of several lines', new Error(`first\n    at ${SECRET} (x.js:1:1)\n${SECRET}`)],
    ['a cause', new Error('outer', { cause: new Error(SECRET) })],
    ['something that is no error', { secret: SECRET }],
  ])('keeps nothing of the message of %s', (_what, error) => {
    expect(storedOf(error)).not.toContain(SECRET);
  });

  it('tells the kind, the code and the place', () => {
    const stored = storedOf(new QueryFailedError('SELECT 1', [], driverError));
    expect(stored).toContain('QueryFailedError 22P02');
    expect(stored).toContain(__filename);
    expect(storedOf(new TypeError(SECRET))).toContain('TypeError.');
  });

  it('keeps what our own errors say, which is meant to be seen, but not their cause', () => {
    const stored = storedOf(
      new AppError('PERSONA.GONE', 410, 'The persona was deleted.', { cause: new Error(SECRET) }),
    );
    expect(stored).toContain('PERSONA.GONE: The persona was deleted.');
    expect(stored).not.toContain(SECRET);
  });
});
