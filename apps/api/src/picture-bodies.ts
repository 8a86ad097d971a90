import { AppError } from '@app/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const PATH = '/chat/uploads';

/** The one route whose body is a picture. */
export const isUpload = (request: FastifyRequest): boolean =>
  request.method === 'POST' && (request.url.split('?')[0] ?? '') === PATH;

/**
 * What is uploaded is handed to its route as a stream, unread: whoever has no login must not make us hold 10 MB. Everywhere else a body that
 * is no JSON is refused.
 */
export function takePictures(fastify: FastifyInstance): void {
  fastify.addContentTypeParser('*', (request, payload, done) => {
    if (isUpload(request)) done(null, payload);
    else {
      done(new AppError('REQUEST.MEDIA_TYPE', 415, 'body: send JSON with the header content-type: application/json.'));
    }
  });
}
