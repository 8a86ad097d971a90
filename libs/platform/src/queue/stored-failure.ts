import { AppError } from '@app/kernel';
import { sqlState } from '../database/pg-errors';

/** Enough to find the place. */
const MAX_FRAMES = 10;

/**
 * A job's error as it may stay in the queue for a day and be shown on the queue page: its kind, its code and the place, and no message but
 * our own. Messages of drivers and parsers quote what they choked on: values of people's rows, parts of their texts, passwords in URLs.
 */
export class StoredFailure extends Error {
  constructor(error: unknown) {
    super(`${describe(error)} The worker's log has the whole error under this job's id.`);
    this.name = 'StoredFailure';
    this.stack = [`${this.name}: ${this.message}`, ...frames(error)].join('\n');
  }
}

function describe(error: unknown): string {
  if (error instanceof AppError) return `${error.code}: ${error.detail}`;
  if (!(error instanceof Error)) return 'Something was thrown that is no error.';
  const code = sqlState(error);
  return code === undefined ? `${error.constructor.name}.` : `${error.constructor.name} ${code}.`;
}

/** Lines that name functions and files. The message, which may have several lines too, comes before them. */
function frames(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { stack = '', message } = error;
  const start = stack.includes(message) ? stack.indexOf(message) + message.length : 0;
  return stack
    .slice(start)
    .split('\n')
    .filter((line) => /^ {4}at .+:\d+:\d+\)?$/.test(line))
    .slice(0, MAX_FRAMES);
}
