import { STATUS_CODES } from 'node:http';
import { AppError } from '@app/kernel';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import { databaseProblem } from './database-problem';
import type { ProblemResponse } from './problem.response';

interface FastifyFailure {
  code?: string;
  statusCode?: number;
}

const FASTIFY_DETAILS: Record<string, { status: number; code: string; detail: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'REQUEST.TOO_LARGE',
    detail: 'body: is larger than this server accepts.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'REQUEST.MEDIA_TYPE',
    detail: 'body: send JSON with the header content-type: application/json.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    code: 'REQUEST.BAD_JSON',
    detail: 'body: is empty although content-type says JSON.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'REQUEST.BAD_LENGTH',
    detail: 'body: does not have the length that content-length says.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'REQUEST.BAD_JSON', detail: 'body: is not valid JSON.' },
};

/** The one place where errors become answers. Nothing of an unknown error is shown; the log has it under the request id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: PinoLogger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const known = this.toAppError(error, request);
    if (!reply.sent) this.answer(known, request, reply);
  }

  protected answer(problem: AppError, request: FastifyRequest, reply: FastifyReply): void {
    this.setHeaders(problem, reply);
    void reply
      .status(problem.status)
      .type('application/problem+json')
      .send(toProblem(problem, String(request.id)));
  }

  protected setHeaders(problem: AppError, reply: FastifyReply): void {
    if (problem.extra.retryAfterSeconds !== undefined) {
      void reply.header('retry-after', String(problem.extra.retryAfterSeconds));
    }
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  }

  private toAppError(error: unknown, request: FastifyRequest): AppError {
    if (error instanceof AppError) {
      if (error.status >= 500) {
        this.logger.error({ err: error.extra.cause ?? error, code: error.code }, 'request failed');
      }
      return error;
    }
    // Nest wraps what Fastify refuses.
    const failure = (error instanceof HttpException ? (error.cause ?? error) : error) as FastifyFailure;
    const fastify = FASTIFY_DETAILS[failure.code ?? ''];
    if (fastify !== undefined) return new AppError(fastify.code, fastify.status, fastify.detail);
    if (error instanceof HttpException) return fromHttpException(error, request);
    if (typeof failure.statusCode === 'number' && failure.statusCode >= 400 && failure.statusCode < 500) {
      return badRequest(failure.statusCode, error);
    }
    const unavailable = databaseProblem(error);
    if (unavailable !== undefined) {
      this.logger.warn({ err: error }, 'the database did not take a statement');
      return unavailable;
    }
    this.logger.error({ err: error }, 'unexpected error');
    return new AppError(
      'INTERNAL',
      500,
      'Something went wrong on our side. Try again; if it stays, report the request id.',
    );
  }
}

function badRequest(status: number, error: unknown): AppError {
  // secure-json-parse and JSON.parse both end here: SyntaxError with statusCode 400.
  const isJson = error instanceof SyntaxError;
  return isJson
    ? new AppError('REQUEST.BAD_JSON', status, 'body: is not valid JSON.')
    : new AppError('REQUEST.BAD', status, 'The request could not be read. Check its path, headers and body.');
}

function fromHttpException(error: HttpException, request: FastifyRequest): AppError {
  const status = error.getStatus();
  if (status === 404) {
    return new AppError('ROUTE.NOT_FOUND', 404, `There is no ${request.method} ${pathOf(request)}. See /docs.`);
  }
  if (status === 400 && /JSON|body/i.test(error.message)) {
    return new AppError('REQUEST.BAD_JSON', 400, 'body: is not valid JSON.');
  }
  if (status >= 500) {
    return new AppError('INTERNAL', status, 'Something went wrong on our side. Try again later.', { cause: error });
  }
  const title = (STATUS_CODES[status] ?? 'Error').toUpperCase().replaceAll(' ', '_');
  return new AppError(`REQUEST.${title}`, status, error.message);
}

const pathOf = (request: FastifyRequest): string => (request.url.split('?')[0] ?? '').slice(0, 200);

function toProblem(error: AppError, requestId: string): ProblemResponse {
  return {
    type: `urn:parley:problem:${error.code}`,
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.detail,
    code: error.code,
    request_id: requestId,
    ...(error.extra.resetsAt === undefined ? {} : { resets_at: error.extra.resetsAt.toISOString() }),
    ...(error.extra.errors === undefined ? {} : { errors: error.extra.errors }),
  };
}
