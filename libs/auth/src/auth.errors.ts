import { AppError } from '@app/kernel';

/** No token, or not in the form `Authorization: Bearer …`. */
export const loginRequired = (): AppError =>
  new AppError(
    'AUTH.REQUIRED',
    401,
    'Log in with POST /auth/login and send the access token as "Authorization: Bearer …".',
  );

export const tokenInvalid = (): AppError =>
  new AppError('AUTH.TOKEN_INVALID', 401, 'The access token is not valid. Log in again with POST /auth/login.');

export const tokenExpired = (): AppError =>
  new AppError('AUTH.TOKEN_EXPIRED', 401, 'The access token has expired. Get a new one with POST /auth/refresh.');

export const loginEnded = (): AppError =>
  new AppError('AUTH.LOGIN_ENDED', 401, 'This login has ended. Log in again with POST /auth/login.');

/** One text for a wrong password and an unknown user: it must not tell which addresses have an account. */
export const badCredentials = (): AppError =>
  new AppError('AUTH.BAD_CREDENTIALS', 401, 'The username or the password is wrong.');

export const usernameTaken = (): AppError =>
  new AppError(
    'AUTH.USERNAME_TAKEN',
    409,
    'There is already an account with this e-mail address. Log in with POST /auth/login.',
    {
      errors: [{ field: 'username', message: 'is already taken.' }],
    },
  );

export const refreshTokenInvalid = (): AppError =>
  new AppError(
    'AUTH.REFRESH_INVALID',
    401,
    'The refresh token is not valid any more. Log in again with POST /auth/login.',
  );

export const refreshTokenReused = (): AppError =>
  new AppError(
    'AUTH.REFRESH_REUSED',
    401,
    'This refresh token was used before, so somebody else may have it: the login was ended. Log in again with POST /auth/login.',
  );

export const tooManyPasswordChecks = (): AppError =>
  new AppError('AUTH.BUSY', 503, 'Too many people are logging in at this moment. Try again in a few seconds.', {
    retryAfterSeconds: 3,
  });
