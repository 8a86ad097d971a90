import { STATUS_CODES } from 'node:http';
import type { AppError } from '@app/kernel';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemResponse } from './problem.response';

const MEANINGS: Record<number, { code: string; detail: string }> = {
  400: { code: 'REQUEST.BAD_JSON', detail: 'body: is not valid JSON.' },
  401: {
    code: 'AUTH.REQUIRED',
    detail: 'Log in with POST /auth/login and send the access token as "Authorization: Bearer …".',
  },
  403: { code: 'CONVERSATION.FORBIDDEN', detail: 'This belongs to somebody else.' },
  404: { code: 'CONVERSATION.NOT_FOUND', detail: 'Conversation 7 was not found. GET /chat/conversations lists yours.' },
  409: { code: 'REQUEST.CONFLICT', detail: 'The request does not fit the present state. Read it again and retry.' },
  413: { code: 'REQUEST.TOO_LARGE', detail: 'body: is larger than this server accepts.' },
  415: {
    code: 'REQUEST.MEDIA_TYPE',
    detail: 'body: send JSON with the header content-type: application/json.',
  },
  422: { code: 'REQUEST.INVALID', detail: 'limit: must not be greater than 200.' },
  429: { code: 'REQUEST.TOO_MANY', detail: 'Too many requests. Try again in 12 seconds.' },
  500: { code: 'INTERNAL', detail: 'Something went wrong on our side. Try again; if it stays, report the request id.' },
  502: { code: 'UPSTREAM.UNAUTHORIZED', detail: 'The AI refused this request.' },
  503: { code: 'DATABASE.UNAVAILABLE', detail: 'The database cannot be reached right now. Try again in a moment.' },
};

/** The body of a documented problem, with an example. */
export function problemContent(
  status: number,
  meaning = MEANINGS[status] ?? { code: `REQUEST.${status}`, detail: STATUS_CODES[status] ?? 'Error' },
): Record<string, unknown> {
  return {
    'application/problem+json': {
      schema: { $ref: getSchemaPath(ProblemResponse) },
      example: {
        type: `urn:parley:problem:${meaning.code}`,
        title: STATUS_CODES[status],
        status,
        detail: meaning.detail,
        code: meaning.code,
        request_id: 'b3f6b0a2-5c0e-4d4e-9f6e-0d1f6b2f8a11',
      },
    },
  };
}

/** Documents error answers that a route can give beyond the ones that every route can (401, 422, 429, 500, 503). */
export const ApiProblems = (...statuses: number[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ApiExtraModels(ProblemResponse),
    ...statuses.map((status) =>
      ApiResponse({ status, description: STATUS_CODES[status] ?? 'Error', content: problemContent(status) as never }),
    ),
  );

/** As `ApiProblems`, with the errors themselves: each status shows the codes that it can have, and the first of them as its example. */
export function ApiProblemsOf(...errors: AppError[]): MethodDecorator & ClassDecorator {
  const byStatus = Map.groupBy(errors, ({ status }) => status);
  return applyDecorators(
    ApiExtraModels(ProblemResponse),
    ...[...byStatus].map(([status, ofStatus]) =>
      ApiResponse({
        status,
        description: ofStatus.map(({ code }) => `\`${code}\``).join(', '),
        content: problemContent(status, ofStatus[0]) as never,
      }),
    ),
  );
}
