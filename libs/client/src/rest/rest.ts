import createClient, { type FetchResponse, type MaybeOptionalInit, type Middleware } from 'openapi-fetch';
import { KEYED_ROUTES } from '../generated/keyed-routes.js';
import type { paths } from '../generated/rest.js';
import type { Http } from '../http/http.js';
import { newId } from '../http/ids.js';

type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';
type PathsWith<M extends Method> = {
  [Path in keyof paths]: paths[Path] extends { [K in M]: infer Operation }
    ? Operation extends undefined
      ? never
      : Path
    : never;
}[keyof paths];
type Operation<Path extends keyof paths, M extends Method> = NonNullable<paths[Path][M]> &
  Record<string | number, unknown>;
type Init<Path extends keyof paths, M extends Method> = MaybeOptionalInit<paths[Path], M>;
type IfNeeded<I> = undefined extends I ? [init?: I] : [init: I];
type Data<Path extends keyof paths, M extends Method, I> = Extract<
  FetchResponse<Operation<Path, M>, I, 'application/json'>,
  { data: unknown }
>['data'];

/** A failure is thrown, so the data are always there. */
export interface RestAnswer<T> {
  data: T;
  response: Response;
}

type Call<M extends Method> = <Path extends PathsWith<M>, I extends Init<Path, M>>(
  path: Path,
  ...init: IfNeeded<I>
) => Promise<RestAnswer<Data<Path, M, I>>>;

/** Every route of docs/openapi.json, typed. @throws ParleyError for every answer that is no success */
export interface Rest {
  GET: Call<'get'>;
  POST: Call<'post'>;
  PUT: Call<'put'>;
  PATCH: Call<'patch'>;
  DELETE: Call<'delete'>;
}

/** A message that is sent again after a broken connection must not be stored twice. */
const addKey: Middleware = {
  onRequest({ request, schemaPath }) {
    if (!KEYED_ROUTES.has(`${request.method} ${schemaPath}`) || request.headers.has('idempotency-key')) return;
    request.headers.set('idempotency-key', newId());
  },
};

export function createRest(baseUrl: string, http: Http): Rest {
  const client = createClient<paths>({ baseUrl, fetch: (request) => http.fetch(request) });
  client.use(addKey);
  return client as unknown as Rest;
}
