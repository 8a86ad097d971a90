import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';

/** From dist/apps/api/src. The events do not depend on settings, so the file of the repository is the document. */
const FILE = join(__dirname, '../../../../docs/asyncapi.yaml');

/** `GET /docs/asyncapi.yaml`: the events of the socket door, next to the OpenAPI document. */
export function serveAsyncApi(fastify: FastifyInstance): void {
  fastify.get('/docs/asyncapi.yaml', (_request, reply) =>
    // The type that Swagger's own YAML has here, so that browsers show it.
    reply.type('text/yaml; charset=utf-8').send(createReadStream(FILE)),
  );
}
