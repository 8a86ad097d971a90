import { AppError } from '@app/kernel';

/** The same, whatever is wrong: nobody learns which accounts are known here. */
export const notSigned = (): AppError =>
  new AppError(
    'WEBHOOK.NOT_SIGNED',
    401,
    'The signature is missing, or is not that of the account whose messages these are. docs/channels.md says how hooks are set up.',
  );

export const wrongToken = (): AppError =>
  new AppError('WEBHOOK.WRONG_TOKEN', 403, 'The token with which you ask is not that of a channel here.');
