import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { ROOT } from './project.mjs';

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

const header = (source) => `// Made of ${source} by \`npm run client:generate\`. Do not edit.\n\n`;

/** Failures are thrown as ParleyError and events are read by `send`, so the types need neither: a fifth of the size is left. */
function withoutFailures(document) {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      if (path[method] === undefined) continue;
      const kept = Object.entries(path[method].responses).filter(([status]) => Number(status) < 400);
      for (const [, response] of kept) delete response.content?.['text/event-stream'];
      path[method].responses = Object.fromEntries(kept);
    }
  }
  return document;
}

/** `POST /chat/…`, for every route that takes an `Idempotency-Key`. */
const keyedRoutes = (document) =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]?.parameters?.some(({ name }) => name === 'Idempotency-Key')).map(
      (method) => `${method.toUpperCase()} ${path}`,
    ),
  );

/** The generated files of libs/client, by their paths. */
export async function clientSources() {
  const events = 'libs/contracts/src/socket-events.ts';
  const document = JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8'));
  const routes = keyedRoutes(document);
  const types = astToString(await openapiTS(withoutFailures(document), { defaultNonNullable: false }));
  return {
    'libs/client/src/generated/rest.ts': header('docs/openapi.json') + types,
    'libs/client/src/generated/keyed-routes.ts':
      header('docs/openapi.json') +
      '/** Routes that take an `Idempotency-Key`: sent again with the same key, they do their work once. */\n' +
      `export const KEYED_ROUTES: ReadonlySet<string> = new Set(${JSON.stringify(routes, null, 2)});\n`,
    'libs/client/src/generated/socket-events.ts': header(events) + readFileSync(join(ROOT, events), 'utf8'),
  };
}
