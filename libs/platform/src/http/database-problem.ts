import { AppError } from '@app/kernel';
import { type DatabaseTrouble, databaseTrouble } from '../database';

/** What callers are told, and when to come back. PostgreSQL's own words stay in the log: they name files and tables. */
const PROBLEMS: Record<DatabaseTrouble, { code: string; detail: string; retryAfterSeconds: number }> = {
  full: {
    code: 'DATABASE.FULL',
    detail:
      'Insufficient storage: the database has no room left, so nothing was stored. Reading still works. Try again later.',
    // Somebody has to make room; asking every two seconds would not help.
    retryAfterSeconds: 30,
  },
  busy: {
    code: 'DATABASE.BUSY',
    detail: 'The database does not answer in time right now. Try again in a moment.',
    retryAfterSeconds: 2,
  },
  away: {
    code: 'DATABASE.UNAVAILABLE',
    detail: 'The database cannot be reached right now. Try again in a moment.',
    retryAfterSeconds: 2,
  },
};

/** The 503 for a database that did not take a statement; undefined for any other error. */
export function databaseProblem(error: unknown): AppError | undefined {
  const trouble = databaseTrouble(error);
  if (trouble === undefined) return undefined;
  const { code, detail, retryAfterSeconds } = PROBLEMS[trouble];
  return new AppError(code, 503, detail, { retryAfterSeconds });
}
