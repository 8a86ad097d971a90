import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type INestApplication, RequestMethod } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiModule } from '../../apps/api/src/api.module';

/** What anybody may ask without a login, also where the OpenAPI document does not show it. A new route must be added here on purpose. */
const PUBLIC = [
  'DELETE /api/v1/chat/session/:sessionId',
  'GET /admin/sign-in',
  'GET /admin/sign-out',
  'GET /api/v1/chat/history/:sessionId',
  'GET /api/v1/chat/session/:sessionId/rating',
  'GET /api/v1/health',
  'GET /chat/health',
  'GET /health',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'GET /webhooks/instagram',
  'GET /webhooks/instagram/:channel_id',
  'GET /webhooks/whatsapp',
  'GET /webhooks/whatsapp/:channel_id',
  'POST /admin/sign-in',
  'POST /admin/sign-out',
  'POST /api/v1/chat/message',
  'POST /api/v1/chat/session',
  'POST /api/v1/chat/session/:sessionId/end',
  'POST /auth/login',
  'POST /auth/refresh',
  'POST /auth/register',
  'POST /webhooks/instagram',
  'POST /webhooks/instagram/:channel_id',
  'POST /webhooks/mattermost/:channel_id/command',
  'POST /webhooks/mattermost/:channel_id/outgoing',
  'POST /webhooks/mattermost/command',
  'POST /webhooks/mattermost/outgoing',
  'POST /webhooks/whatsapp',
  'POST /webhooks/whatsapp/:channel_id',
  'PUT /api/v1/chat/session/:sessionId/rating',
];

const FOR_ADMINS = ['ALL /admin/queues', 'ALL /admin/queues/*'];

type Handler = (...args: unknown[]) => unknown;

interface Route {
  name: string;
  isPublic: boolean;
  isAdminPage: boolean;
}

interface ControllerClass {
  name: string;
  prototype: Record<string, Handler>;
}

const controllersOf = (app: INestApplication): ControllerClass[] =>
  [...app.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].map((wrapper) => wrapper.metatype as unknown as ControllerClass),
  );

/** What somebody has written, whether or not a module has it. */
const writtenControllers = (): string[] =>
  globSync(resolve(__dirname, '../../{apps,libs}/*/src/**/*.controller.ts')).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^export class (\w+Controller)\b/gm)].map(([, name]) => name!),
  );

/** All routes of the api, from its controllers themselves. */
function routesOf(app: INestApplication): Route[] {
  return controllersOf(app).flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype)
      .map((name) => controller.prototype[name]!)
      .filter((handler) => Reflect.hasMetadata('method', handler))
      .flatMap((handler) => {
        const read = (key: string): unknown =>
          Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
        const method = RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod];
        const prefix = String(Reflect.getMetadata('path', controller));
        return [Reflect.getMetadata('path', handler) as string | string[]].flat().map((path) => ({
          name: `${method} /${[prefix, path].join('/').split('/').filter(Boolean).join('/')}`,
          isPublic: read('parley:is-public') === true,
          isAdminPage: read('parley:is-admin-page') === true,
        }));
      }),
  );
}

describe('routes', () => {
  let routes: Route[];
  let controllers: string[];

  beforeAll(async () => {
    process.env.DATABASE_URL ??= 'postgres://describe-only@127.0.0.1:1/none';
    process.env.SECRET_KEY ??= 'x'.repeat(64);
    process.env.ENCRYPTION_KEYS ??= `test:${'ab'.repeat(32)}`;
    const app = await NestFactory.create(ApiModule, new FastifyAdapter(), { preview: true, logger: false });
    routes = routesOf(app);
    controllers = controllersOf(app).map(({ name }) => name);
  });

  it('there are routes to look at', () => {
    expect(routes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['GET /auth/me', 'POST /chat/conversations']),
    );
  });

  it('no controller was forgotten', () => {
    expect(writtenControllers().length).toBeGreaterThan(15);
    expect(writtenControllers().filter((name) => !controllers.includes(name))).toEqual([]);
  });

  it('those that need no login are exactly those that are meant to be', () => {
    expect(
      routes
        .filter(({ isPublic }) => isPublic)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(PUBLIC);
  });

  it('those for instance admins are exactly those that are meant to be, and none of them is public', () => {
    const forAdmins = routes.filter(({ isAdminPage }) => isAdminPage);
    expect(forAdmins.map(({ name }) => name).sort()).toEqual(FOR_ADMINS);
    expect(forAdmins.filter(({ isPublic }) => isPublic)).toEqual([]);
  });

  it('everything below /admin is one or the other', () => {
    const admin = routes.filter(({ name }) => name.includes(' /admin'));
    expect(admin.filter(({ isPublic, isAdminPage }) => !isPublic && !isAdminPage)).toEqual([]);
  });
});
