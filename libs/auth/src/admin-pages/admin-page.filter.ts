import { AppError } from '@app/kernel';
import { ProblemFilter } from '@app/platform';
import { Catch } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblemPage, SIGN_IN_PATH } from './pages';

/** Errors of admin pages: people in a browser get a page, or the way to the sign-in; programs get problem documents. */
@Catch()
export class AdminPageFilter extends ProblemFilter {
  protected override answer(problem: AppError, request: FastifyRequest, reply: FastifyReply): void {
    if (request.headers.accept?.includes('text/html') !== true) {
      super.answer(problem, request, reply);
      return;
    }
    if (problem.status === 401 && (request.method === 'GET' || request.method === 'HEAD')) {
      void reply.header('cache-control', 'no-store').redirect(SIGN_IN_PATH, 303);
      return;
    }
    this.setHeaders(problem, reply);
    sendProblemPage(reply, problem.status, problem.detail);
  }
}
