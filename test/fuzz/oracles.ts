import type { FuzzRequest, Login } from './fuzz-request';
import { isForeign } from './placeholders';
import type { ResponseSchemas } from './response-schemas';
import type { Reply } from './wire';
import { VICTIMS_SECRET } from './world';

/** Answers to what is no proper request, which every path can give; they are described once, at the top of the OpenAPI document. */
const GENERAL: Record<number, RegExp> = {
  400: /^REQUEST\./,
  // The files of /docs, asked for with `..`.
  403: /^REQUEST\.FORBIDDEN$/,
  404: /^ROUTE\.NOT_FOUND$/,
  408: /^REQUEST\./,
  413: /^REQUEST\./,
  414: /^REQUEST\./,
  415: /^REQUEST\./,
  417: /^REQUEST\./,
  431: /^REQUEST\./,
};

const LEAKS: [string, RegExp][] = [
  ['a stack trace', /\bat [\w.<>[\] ]+ \(?[^ )]*:\d+:\d+\)?|node:internal|node_modules|\/dist\//],
  ['SQL', /QueryFailedError|\bselect\b.+\bfrom\b|\binsert into\b|\bupdate \w+ set\b|relation "|violates \S+ constraint|syntax error at|invalid input syntax|duplicate key value|pg_catalog/i],
  ['what the upstream said', /does not exist or you do not have access|Unknown parameter:|Missing required parameter/],
  ['a secret', /sk-fuzz-|test-secret-|postgres:\/\//],
]; // prettier-ignore

export interface Judge {
  schemas: ResponseSchemas;
}

/** What is wrong with an answer, in a few words; empty when nothing is. */
export function faultsOf(request: FuzzRequest, reply: Reply, { schemas }: Judge): string[] {
  const faults: string[] = [];
  const isHead = request.method === 'HEAD';
  if (reply.status >= 500) faults.push(`answered ${reply.status}`);
  if (reply.body.includes(VICTIMS_SECRET)) faults.push("shows the victim's words");
  for (const [what, pattern] of LEAKS) if (pattern.test(reply.body)) faults.push(`shows ${what}`);
  if (reply.status >= 400 && !isHead) faults.push(...problemFaults(reply));
  if (reply.status >= 200 && reply.status < 300) faults.push(...successFaults(request, reply, schemas));
  if (!isDocumented(request, reply)) faults.push(`status ${reply.status} is not documented`);
  if (!reply.headers.has('x-request-id') && reply.status !== 400 && reply.status !== 431) {
    faults.push('has no x-request-id');
  }
  return faults;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** RFC 9457, and for 422 the fields. */
export function problemFaults(reply: Reply): string[] {
  const problem = parse(reply.body) as Record<string, unknown> | undefined;
  if (reply.headers.get('content-type')?.startsWith('application/problem+json') !== true || problem === undefined) {
    return ['is no problem document'];
  }
  const faults: string[] = [];
  for (const field of ['type', 'title', 'detail', 'code', 'request_id']) {
    if (typeof problem[field] !== 'string' || problem[field] === '') faults.push(`the problem has no ${field}`);
  }
  if (problem.status !== reply.status) faults.push('the problem names another status');
  if (reply.body.length > 20_000) faults.push('the problem is longer than 20 kB');
  if (reply.status === 401 && !reply.headers.get('www-authenticate')?.includes('Bearer')) {
    faults.push('401 without WWW-Authenticate');
  }
  if (reply.status !== 422) return faults;
  const errors = problem.errors as { field?: unknown; message?: unknown }[] | undefined;
  const isNamed =
    Array.isArray(errors) &&
    errors.length > 0 &&
    errors.every(({ field, message }) => isText(field) && isText(message));
  if (!isNamed) faults.push('422 names no field');
  return faults;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const LIVING: Login[] = ['alice', 'bob', 'admin'];

/** The chat page and what it loads, which are for browsers and in no document of the api. */
const FILES = /^\/(?:$|[?#]|widget\.js|widget-demo|assets\/)/;

function successFaults(request: FuzzRequest, reply: Reply, schemas: ResponseSchemas): string[] {
  const operation = request.documented;
  const faults: string[] = [];
  if (request.method === 'HEAD' || FILES.test(request.path)) return faults;
  if (operation === null) return [`no ${request.method} is documented here`];
  const hasLogin = LIVING.includes(request.login) || request.headers.some(([name]) => name === 'authorization');
  if (!operation.isPublic && !hasLogin) faults.push('let somebody in without a login');
  if (isForeign(request.path)) faults.push('let somebody at what belongs to another');
  if (reply.status === 204) return reply.body === '' ? faults : [...faults, '204 with a body'];
  const type = reply.headers.get('content-type')?.split(';')[0] ?? '';
  if (type !== 'application/json') {
    const documented = operation.responses[String(reply.status)]?.content ?? {};
    if (documented[type] === undefined) return [...faults, `answers with ${type}, which is not documented`];
    return type === 'text/event-stream' ? [...faults, ...streamFaults(reply.body)] : faults;
  }
  const complaint = schemas.complaint(operation, reply.status, parse(reply.body));
  if (complaint !== null) faults.push(`the body is not as documented: ${complaint}`);
  return faults;
}

/** A stream is whole events with numbers that rise and data that is JSON; it ends with the turn, or at once when the reader knew the end. */
function streamFaults(body: string): string[] {
  const events = body.split('\n\n').filter((block) => block.includes('data: '));
  const ids = events.map((event) => Number(/^id: (\d+)$/m.exec(event)?.[1]));
  if (ids.some((id, index) => !(id > (ids[index - 1] ?? 0)))) return [`the events are numbered ${ids.join(', ')}`];
  if (events.some((event) => parse(/^data: (.*)$/m.exec(event)?.[1] ?? '') === undefined)) {
    return ['an event is not JSON'];
  }
  const last = /^event: (.*)$/m.exec(events.at(-1) ?? '')?.[1];
  const isEnd =
    last === undefined ||
    /^(?:message\.completed|turn\.(?:failed|cancelled|handed_off|merged)|preview\.failed)$/.test(last);
  return isEnd ? [] : [`the stream ends with ${last}`];
}

function isDocumented(request: FuzzRequest, reply: Reply): boolean {
  if (request.method === 'HEAD' || request.documented?.responses[String(reply.status)] !== undefined) return true;
  const code = (parse(reply.body) as { code?: string } | undefined)?.code ?? '';
  return GENERAL[reply.status]?.test(code) === true;
}
