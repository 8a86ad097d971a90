import { Writable } from 'node:stream';
import pino from 'pino';
import { QueryFailedError } from 'typeorm';
import { serializeError } from './error-serializer';

/** As PostgreSQL reports a refused row. */
const aFailedInsert = (): QueryFailedError => {
  const driverError = Object.assign(new Error('null value in column "x" violates not-null constraint'), {
    code: '23502',
    constraint: 'users_x_check',
    table: 'users',
    detail: 'Failing row contains (1, leak@example.com, $argon2id$hash).',
  });
  return new QueryFailedError('INSERT INTO users VALUES ($1)', ['leak@example.com', '$argon2id$hash'], driverError);
};

describe('serializeError', () => {
  it('keeps what helps to find a database error, and nothing that people wrote', () => {
    const lines: string[] = [];
    const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => (lines.push(chunk.toString()), done()) });
    pino({ serializers: { err: (error: unknown) => serializeError(error) } }, stream).error(
      { err: aFailedInsert() },
      'failed',
    );
    expect(JSON.parse(lines[0]!)).toMatchObject({
      err: { type: 'QueryFailedError', code: '23502', constraint: 'users_x_check', table: 'users' },
    });
    expect(lines[0]).not.toMatch(/leak@example\.com|argon2id|INSERT INTO/);
  });

  it('keeps the value out that PostgreSQL quotes when it does not like one', () => {
    const error = Object.assign(new Error('invalid input syntax for type bigint: "what Alice wrote"'), {
      code: '22P02',
    });
    const logged = serializeError(error);
    expect(logged).toMatchObject({ code: '22P02', message: 'The database did not take a value.' });
    expect(JSON.stringify(logged)).not.toContain('Alice');
    expect(logged.stack).toContain('error-serializer.spec');
  });

  it('follows causes, but not for ever', () => {
    const loop = new Error('outer');
    loop.cause = loop;
    expect(JSON.stringify(serializeError(loop)).match(/"message":"outer"/g)).toHaveLength(4);
  });

  it('takes what is no Error', () => {
    expect(serializeError('text')).toEqual({ type: 'string', message: 'not an Error' });
  });
});
