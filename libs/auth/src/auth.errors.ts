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

/** No cookie of an admin page and no bearer token. */
export const adminLoginRequired = (): AppError =>
  new AppError(
    'AUTH.REQUIRED',
    401,
    'Sign in at /admin/sign-in with a browser, or send the access token of an administrator as "Authorization: Bearer …".',
  );

export const adminsOnly = (): AppError =>
  new AppError(
    'AUTH.ADMINS_ONLY',
    403,
    'This is for administrators of this installation, and this account is none. The first account that was made is one: use that, or ask its owner.',
  );

/** A form that was sent from another site's page, or by something that hides where it comes from. */
export const foreignForm = (): AppError =>
  new AppError(
    'AUTH.FOREIGN_FORM',
    403,
    'This form was not sent from its own page. Open /admin/sign-in and send it from there.',
  );

export const unsafeSignIn = (): AppError =>
  new AppError(
    'AUTH.TLS_NEEDED',
    403,
    'This installation can be reached from other machines, and this page came without TLS (http://), so a sign-in could be read on the way. ' +
      'Open it through your proxy with https://, or through a tunnel: ssh -L 3000:127.0.0.1:3000 <server>, then http://localhost:3000/admin/queues.',
  );
