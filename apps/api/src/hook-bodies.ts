import { parse } from 'node:querystring';
import { HOOK_BODY_BYTES, isHookRoute } from '@app/channels';
import { AppError } from '@app/kernel';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

const FORM = 'application/x-www-form-urlencoded';

/** How large a body may be when it is a hook's, in bytes; undefined for other routes. */
export const hookBodyLimit = ({ method, routeOptions }: FastifyRequest): number | undefined =>
  method === 'POST' && isHookRoute(routeOptions.url ?? '') ? HOOK_BODY_BYTES : undefined;

/** What other systems send is signed byte by byte, so hooks get JSON and forms as they came; everywhere else they are parsed. */
export function takeHooks(app: NestFastifyApplication, bodyLimit: number): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (isHookRoute(route.url)) route.bodyLimit = HOOK_BODY_BYTES;
  });
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  app.useBodyParser('application/json', { bodyLimit }, (request: FastifyRequest, body: Buffer, done) => {
    if (hookBodyLimit(request) !== undefined) done(null, body);
    else void parseJson(request, body.toString('utf8'), done);
  });
  app.useBodyParser(FORM, { bodyLimit }, (request: FastifyRequest, body: Buffer, done) => {
    if (hookBodyLimit(request) !== undefined) done(null, body);
    else parseForm(body, done);
  });
}

/** A form of one of our own pages. */
function parseForm(body: Buffer, done: (error: Error | null, form?: unknown) => void): void {
  const form = { ...parse(body.toString('utf8')) };
  // It would become the prototype of whatever it is copied onto.
  if (Object.hasOwn(form, '__proto__')) {
    done(new AppError('REQUEST.BAD_JSON', 400, 'body: no field is called __proto__.'));
  } else done(null, form);
}
