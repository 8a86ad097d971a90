import type { IncomingMessage } from 'node:http';
import {
  closeConnectionsWhenDraining,
  Draining,
  AppConfig,
  limitNetworks,
  logRequests,
  measureRequests,
  Metrics,
  RateLimits,
  QuietLogger,
  requestIdOf,
  traceRequests,
  Tracing,
} from '@app/platform';
import { SocketAdapter } from '@app/realtime';
import helmet from '@fastify/helmet';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import { serveChatPage } from './chat-page/serve-chat-page';
import { decideCors } from './cors';
import { drainOversizedBody } from './drain-oversized-body';
import { serveAsyncApi } from './asyncapi-document';
import { hookBodyLimit, takeHooks } from './hook-bodies';
import { isUpload, takePictures } from './picture-bodies';
import { buildOpenApi } from './openapi-document';
import {
  answerClientError,
  answerFrameworkError,
  answerUnknownExpectation,
  refuseForeignForms,
  refuseWithoutHost,
} from './protocol-errors';
import { routableTarget } from './request-target';

/** A client that does not finish its request is cut off after this. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Builds the HTTP application: configured, documented, not listening yet. */
export async function createApi(module: Type): Promise<NestFastifyApplication> {
  // The adapter is needed before the configuration module exists; a wrong setting is reported by either.
  const { http, limits } = new AppConfig(process.env);
  const counters: { rateLimits?: RateLimits } = {};
  const adapter = new FastifyAdapter({
    bodyLimit: http.bodyLimitBytes,
    trustProxy: http.trustedProxies.length > 0 ? http.trustedProxies : false,
    genReqId: (request: IncomingMessage) => requestIdOf(request),
    requestTimeout: REQUEST_TIMEOUT_MS,
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      answerFrameworkError(error, request, reply, counters.rateLimits),
    clientErrorHandler: answerClientError,
    forceCloseConnections: 'idle',
    // Node's own refusal has no body; `refuseWithoutHost` says what is wrong.
    http: { requireHostHeader: false },
    routerOptions: { maxParamLength: 200 },
    rewriteUrl: routableTarget,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(QuietLogger));
  app.flushLogs();
  await app.register(helmet, { contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });
  app.enableCors({ delegator: decideCors(http.corsOrigins) });
  app.useWebSocketAdapter(new SocketAdapter(app));
  traceRequests(adapter.getInstance(), app.get(Tracing));
  // First, so that what the others refuse has an id and is logged, too.
  logRequests(adapter.getInstance(), await app.resolve(PinoLogger));
  measureRequests(adapter.getInstance(), app.get(Metrics));
  const rateLimits: RateLimits = app.get(RateLimits);
  counters.rateLimits = rateLimits;
  limitNetworks(adapter.getInstance(), rateLimits);
  adapter.getInstance().addHook('onRequest', refuseWithoutHost);
  adapter.getInstance().addHook('onRequest', refuseForeignForms);
  takePictures(adapter.getInstance());
  takeHooks(app, http.bodyLimitBytes);
  const bodyLimitFor = (request: FastifyRequest): number =>
    isUpload(request) ? limits.uploadMaxBytes : (hookBodyLimit(request) ?? http.bodyLimitBytes);
  adapter.getInstance().addHook('preParsing', drainOversizedBody(bodyLimitFor));
  closeConnectionsWhenDraining(adapter.getInstance(), app.get(Draining));
  adapter.getInstance().server.on('checkExpectation', answerUnknownExpectation);
  serveAsyncApi(adapter.getInstance());
  serveChatPage(adapter.getInstance());
  SwaggerModule.setup('docs', app, () => buildOpenApi(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    customSiteTitle: 'Parley API',
  });
  return app;
}
