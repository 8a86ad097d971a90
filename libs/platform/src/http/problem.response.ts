/** One wrong field. */
export class ProblemFieldResponse {
  /** Name of the field, with dots for nested ones.
   * @example content */
  field: string;

  /** What is wrong with it.
   * @example "must be shorter than or equal to 32000 characters." */
  message: string;
}

/** Every error has this form (RFC 9457). `detail` is for people, `code` for programs. */
export class ProblemResponse {
  /** A URN made of the code.
   * @example urn:parley:problem:REQUEST.INVALID */
  type: string;

  /** The HTTP status in words.
   * @example "Unprocessable Entity" */
  title: string;

  /** The HTTP status.
   * @example 422 */
  status: number;

  /** What happened and what to do.
   * @example "content: must be shorter than or equal to 32000 characters." */
  detail: string;

  /** Stable code.
   * @example REQUEST.INVALID */
  code: string;

  /** Quote it when you report a problem; it is in the logs too.
   * @example 0199c1f0-7d4e-7a01-9d0e-3f2b6c1a9e55 */
  request_id: string;

  /** When a budget that is used up begins anew, for the code BUDGET.EXCEEDED.
   * @example 2026-12-01T00:00:00.000Z */
  resets_at?: string;

  /** The wrong fields, for status 422. */
  errors?: ProblemFieldResponse[];
}
