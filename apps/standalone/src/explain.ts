import { AlreadyRunningError, explainStartError } from '@app/platform';
import { alreadyRunningText } from './instance-file';

/** Text for people about why the start failed. */
export const explain = (error: unknown, dataDir: string): string =>
  error instanceof AlreadyRunningError ? alreadyRunningText(dataDir, error) : explainStartError(error, 'Parley');
