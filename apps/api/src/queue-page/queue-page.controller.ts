import { AppError } from '@app/kernel';
import { AdminPage, AdminPageFilter } from '@app/auth';
import { assertSaneInput, QueueBoard } from '@app/platform';
import { All, Controller, Req, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

const BASE_PATH = '/admin/queues';
const LINKS = [{ text: 'Sign out', url: '/admin/sign-out' }];

/** bull-board puts styles into its elements; all else it loads comes from us. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
};

/** The queue page: for instance admins, and for looking only. */
@AdminPage()
@UseFilters(AdminPageFilter)
@Controller('admin/queues')
export class QueuePageController {
  constructor(private readonly board: QueueBoard) {}

  @All(['', '*'])
  async answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      void reply.header('allow', 'GET, HEAD');
      throw new AppError('QUEUE.READ_ONLY', 405, 'The queue page is for looking only: use GET.');
    }
    const query = request.query as Record<string, unknown>;
    const path = pathOf(request);
    assertSaneInput(query, 'query');
    assertSaneInput(path, 'path');
    const answer = await this.board.answer(path, query, { basePath: BASE_PATH, links: LINKS });
    if (answer === undefined) throw new AppError('ROUTE.NOT_FOUND', 404, `There is nothing at ${BASE_PATH}${path}.`);
    void reply
      .status(answer.status)
      .headers(HEADERS)
      .header('cache-control', cacheControl(path))
      .type(answer.contentType);
    await reply.send(answer.body);
  }
}

/** The path within the page, decoded. */
function pathOf(request: FastifyRequest): string {
  const path = (request.url.split('?')[0] ?? '').slice(BASE_PATH.length);
  try {
    return decodeURIComponent(path);
  } catch {
    throw new AppError('REQUEST.BAD_PATH', 400, 'path: cannot be decoded. Check its % escapes.');
  }
}

/** Scripts and styles have a hash in their names; all else is as of now. `private`: only who is signed in gets it. */
const cacheControl = (path: string): string =>
  /\.[0-9a-f]{10}\.(js|css)$/.test(path) ? 'private, max-age=31536000, immutable' : 'no-store';
