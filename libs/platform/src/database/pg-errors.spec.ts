import { QueryFailedError } from 'typeorm';
import { databaseTrouble, isDatabaseUnavailable } from './pg-errors';

const failed = (code: string): Error =>
  new QueryFailedError('SELECT 1', [], Object.assign(new Error(`SQLSTATE ${code}`), { code }));

describe('why the database did not take a statement', () => {
  it.each([
    ['53100', 'full'],
    ['53300', 'busy'],
    ['57014', 'busy'],
    ['40P01', 'busy'],
    ['57P01', 'away'],
    ['57P03', 'away'],
    ['08006', 'away'],
    ['08P01', 'away'],
  ])('SQLSTATE %s means %s', (code, trouble) => {
    expect(databaseTrouble(failed(code))).toBe(trouble);
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'ENETUNREACH'])('%s means away', (code) => {
    expect(databaseTrouble(Object.assign(new Error('connect'), { code }))).toBe('away');
    expect(databaseTrouble(new AggregateError([Object.assign(new Error('connect'), { code })]))).toBe('away');
  });

  it.each([
    ['Connection terminated unexpectedly', 'away'],
    ['Connection terminated due to connection timeout', 'away'],
    ['Client has encountered a connection error and is not queryable', 'away'],
    ['Client was closed and is not queryable', 'away'],
    ['Query runner already released. Cannot run queries anymore.', 'away'],
    ['timeout exceeded when trying to connect', 'busy'],
    ['Query read timeout', 'busy'],
  ])('"%s" means %s', (message, trouble) => {
    expect(databaseTrouble(new Error(message))).toBe(trouble);
  });

  it.each(['23505', '23503', '22001', '42601', '22P02'])('SQLSTATE %s is the fault of the statement', (code) => {
    expect(isDatabaseUnavailable(failed(code))).toBe(false);
  });

  it('what is no error of the database is none', () => {
    for (const error of [new Error('no'), new TypeError('x is undefined'), undefined, null, 'text', { code: 7 }]) {
      expect(isDatabaseUnavailable(error)).toBe(false);
    }
  });
});
