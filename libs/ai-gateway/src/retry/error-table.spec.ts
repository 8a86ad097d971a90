import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { evidenceOf } from '../protection/breaker-state';
import { isCurableByAnotherModel } from '../protection/model-plan';
import { classifyUpstreamFailure } from '../provider/error-classifier';
import { PROVIDER_ERROR_CODES, ProviderError, type ProviderErrorCode } from '../provider/provider.error';
import { fallbackText } from './fallback-text';
import { decideRetry } from './retry-policy';

interface Row {
  said: string;
  code: ProviderErrorCode;
  retried: string;
  fallback: string;
  breaker: string;
  reads: string;
}

const document = readFileSync(resolve(__dirname, '../../../../docs/errors.md'), 'utf8');
const rows = document
  .split('\n')
  .filter((line) => line.startsWith('|') && line.includes('`UPSTREAM.'))
  .map((line): Row => {
    const [said, code, retried, fallback, breaker, reads] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim().replaceAll('`', ''));
    return {
      said: said!,
      code: code as ProviderErrorCode,
      retried: retried!,
      fallback: fallback!,
      breaker: breaker!,
      reads: reads!,
    };
  });
const answered = rows.filter(({ said }) => /^(?:\d{3}|stream)\b/.test(said));

const yes = (condition: boolean): string => (condition ? 'yes' : 'no');
const isRetried = ({ kind, code }: ProviderError): boolean =>
  decideRetry({ kind, code, retryAfterMs: null, attempt: 1, maxRetries: 3, random: Math.random }).retry;

describe('docs/errors.md', () => {
  it('has every row of the table that OpenAI documents', () => {
    const statuses = new Set(answered.map(({ said }) => said.slice(0, 3)));
    expect(['400', '401', '403', '404', '429', '500', '503'].filter((status) => !statuses.has(status))).toEqual([]);
  });

  it('has every code, except for what we stop ourselves', () => {
    const named = new Set(rows.map(({ code }) => code));
    expect(PROVIDER_ERROR_CODES.filter((code) => !named.has(code))).toEqual(['UPSTREAM.CANCELLED']);
  });

  it.each(answered)('$said becomes $code', ({ said, code }) => {
    const [status, name] = said.split(' ');
    // The names of OpenAI's documentation are types; those that say more are codes.
    const field = /_error$|_funds$/.test(name ?? '') ? 'type' : 'code';
    const error = name === undefined ? {} : { [field]: name, message: 'No.' };
    const failure = classifyUpstreamFailure({ status: status === 'stream' ? null : Number(status), error });
    expect(failure.code).toBe(code);
  });

  it.each(rows)('$said: retried $retried, fallback model $fallback, breaker $breaker', (row) => {
    expect({
      retried: yes(isRetried(new ProviderError(row.code))),
      fallback: yes(isCurableByAnotherModel(row.code)),
      breaker: yes(evidenceOf(row.code) === 'fault'),
    }).toEqual({ retried: row.retried, fallback: row.fallback, breaker: row.breaker });
    expect(fallbackText(row.code)).toContain(row.reads);
  });
});
