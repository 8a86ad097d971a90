/** What Mattermost says when it refuses. */
export class AppError extends Error {
  readonly status: number;
  readonly errorId: string;

  constructor(status: number, errorId: string, message = 'The fake Mattermost refuses that.') {
    super(message);
    this.status = status;
    this.errorId = errorId;
  }
}

export function errorBody(status: number, id: string, message: string, requestId: string): Record<string, unknown> {
  return { id, message, detailed_error: '', request_id: requestId, status_code: status };
}

export const sessionExpired = (): AppError =>
  new AppError(401, 'api.context.session_expired.app_error', 'Invalid or expired session, please login again.');

export const noPermission = (): AppError =>
  new AppError(403, 'api.context.permissions.app_error', 'You do not have the appropriate permissions.');

export const invalidParameter = (name: string): AppError =>
  new AppError(400, 'api.context.invalid_body_param.app_error', `Invalid or missing ${name} in request body.`);

export const invalidUrlParameter = (name: string): AppError =>
  new AppError(400, 'api.context.invalid_url_param.app_error', `Invalid or missing ${name} parameter in request URL.`);
