import { RATE_LIMIT_HEADERS } from '@app/platform';
import type { FastifyRequest } from 'fastify';

/** The doors for pages of other people's websites. Which page may use which, they check themselves: a preflight does not say what it is for. */
const PUBLIC_DOORS = '/api/v1/';
/** So long may a browser remember the answer to a preflight, in seconds. */
const REMEMBERED_SECONDS = 600;
const EXPOSED = ['x-request-id', 'location', 'retry-after', 'idempotency-replayed', ...RATE_LIMIT_HEADERS];

/** What proxies say of a request. From a page, `X-Forwarded-Host` could make a foreign website look like one of ours behind a trusted proxy. */
const OF_PROXIES = /^(?:forwarded|x-forwarded-.*)$/i;

interface CorsAnswer {
  /** True: whoever asks; false: no other page. */
  origin: boolean | string[];
  /** Whatever the page asks for, unless given. */
  allowedHeaders?: string[];
  exposedHeaders?: string[];
  methods?: string[];
  maxAge?: number;
  credentials?: boolean;
  preflight?: boolean;
}

type Decide = (request: FastifyRequest, callback: (error: Error | null, answer: CorsAnswer) => void) => void;

/**
 * Pages of which websites may read what we answer. No cookie is ever allowed from there, so nobody's login can be used by a page.
 * @param origins `CORS_ORIGINS`
 */
export function decideCors(origins: string[]): Decide {
  const forPublicDoors = {
    origin: true,
    exposedHeaders: EXPOSED,
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    maxAge: REMEMBERED_SECONDS,
  };
  const forAll = origins.length > 0 ? { origin: origins, exposedHeaders: EXPOSED } : { origin: false };
  return (request, callback) => {
    const answer = request.url.startsWith(PUBLIC_DOORS) ? { ...forPublicDoors, ...withoutProxies(request) } : forAll;
    // What asks for options and is no browser's preflight is a request like any other.
    callback(null, isPreflight(request) ? answer : { ...answer, preflight: false });
  };
}

/** Nothing where a page asks for nothing of that kind. */
function withoutProxies({ headers }: FastifyRequest): Pick<CorsAnswer, 'allowedHeaders'> {
  const asked = (headers['access-control-request-headers'] ?? '').split(',').map((name) => name.trim());
  const allowedHeaders = asked.filter((name) => !OF_PROXIES.test(name));
  return allowedHeaders.length === asked.length ? {} : { allowedHeaders };
}

const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
