import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptedEncoding } from './accepted-encoding';
import { type BuiltFile, builtFiles } from './built-files';
import { fileHeaders } from './file-headers';

/** `GET /` (the chat page), `/widget.js`, `/widget-demo`, and what they load: a route for each file that was built, and no other. */
export function serveChatPage(fastify: FastifyInstance): void {
  for (const file of builtFiles()) {
    fastify.get(file.path, (request, reply) => answer(file, request, reply));
  }
}

function answer(file: BuiltFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const encoding = acceptedEncoding(request.headers['accept-encoding']);
  const tag = `"${file.hash}-${encoding}"`;
  for (const [name, value] of Object.entries(fileHeaders(file.kind, request.host))) {
    if (value === undefined) void reply.removeHeader(name);
    else void reply.header(name, value);
  }
  void reply.header('etag', tag);
  if (isKnown(request.headers['if-none-match'], tag)) return reply.status(304).send();
  if (encoding !== 'identity') void reply.header('content-encoding', encoding);
  return reply.type(file.contentType).send(file.contents[encoding]);
}

/** `If-None-Match`: proxies may have made the tag a weak one. */
const isKnown = (header: string | undefined, tag: string): boolean =>
  header
    ?.split(',')
    .map((each) => each.trim().replace(/^W\//, ''))
    .some((each) => each === tag || each === '*') === true;
