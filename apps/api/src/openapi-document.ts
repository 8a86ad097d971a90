import { ProblemResponse, problemContent } from '@app/platform';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** Answers that any route can give, by what they need: all, those behind a login, those that read input. */
const FOR_ALL = [429, 500, 503];
const FOR_PRIVATE = [401];
const FOR_INPUT = [422];
const FOR_BODY = [400, 413, 415];

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The OpenAPI document of the running routes, with the error bodies that all of them share. */
export function buildOpenApi(app: INestApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setTitle('Parley')
    .setDescription(
      'Personas that people can talk to. Register, log in, and send the access token as `Authorization: Bearer …`. ' +
        'Every error is a problem document (RFC 9457) with a `detail` for people and a `code` for programs. Every answer but those of `/health` tells in ' +
        '`x-ratelimit-limit`, `-remaining`, `-reset` and `-policy` what is left of the limit that will be reached first.\n\n' +
        'What cannot be read as a request is refused before its route is looked for, whatever the path: 400 (the path, the length or the HTTP is ' +
        'broken), 404 `ROUTE.NOT_FOUND`, 408 (it does not come to its end), 413 and 415 (a body where none is needed is too large or no JSON), ' +
        '414 (a part of the path is too long), 417 (an `Expect` that is not known), 431 (the headers are too large).',
    )
    .setVersion('0.1.0')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, options, {
    extraModels: [ProblemResponse],
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation === undefined) continue;
      addSharedProblems(operation);
      describeParameters(operation);
    }
  }
  sortEnums(document.components?.schemas);
  sayWhatIsWhole(document.components?.schemas);
  return document;
}

/** The compiler lists the members of a union in no fixed order. */
function sortEnums(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'enum' && Array.isArray(value)) value.sort();
    else sortEnums(value);
  }
}

/** The numbers that are not whole, by what their names say: sums of money, rates, averages. Everything else counts something or names it. */
const FRACTIONS = [
  /(_usd|_usd_per_mtok|_rate|_per_day|_average_ms|_p(50|95|99)_ms|_factor)$/,
  /^average_/,
  /^(temperature|confidence|confidence_interval|relative_error|tokens_per_conversation|rate|difference|p_value)$/,
  // Of a budget, in its unit.
  /^(limit|spent|reserved|remaining)$/,
];
const MAX_ID = Number.MAX_SAFE_INTEGER;

/** `share_b` of an experiment is a percentage, and in its report what came of it. */
const showsFraction = (example: unknown): boolean => typeof example === 'number' && !Number.isInteger(example);

interface PropertySchema {
  type?: unknown;
  format?: string;
  example?: unknown;
}

/** TypeScript knows only numbers and texts; clients that are generated want to know which are whole, and which are times. */
function sayWhatIsWhole(node: unknown, name = ''): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node as Record<string, PropertySchema | null>)) {
    // What a list holds is called as the list is.
    const called = key === 'items' ? name : key;
    const isFraction = FRACTIONS.some((pattern) => pattern.test(called)) || showsFraction(value?.example);
    if (value?.type === 'number' && !isFraction) value.type = 'integer';
    if (value?.type === 'string' && key.endsWith('_at')) value.format = 'date-time';
    sayWhatIsWhole(value, key === 'properties' ? name : called);
  }
}

/** Ids and version numbers, as ParseIdPipe takes them; numbers in the query are whole too. */
function describeParameters(operation: Operation): void {
  for (const parameter of operation.parameters ?? []) {
    if (!('schema' in parameter) || parameter.schema === undefined || '$ref' in parameter.schema) continue;
    if (parameter.schema.type !== 'number') continue;
    parameter.schema.type = 'integer';
    if (parameter.in === 'path') Object.assign(parameter.schema, { minimum: 1, maximum: MAX_ID });
  }
}

function addSharedProblems(operation: Operation): void {
  const isPrivate = (operation.security?.length ?? 0) > 0;
  const hasInput = (operation.parameters?.length ?? 0) > 0 || operation.requestBody !== undefined;
  const statuses = [
    ...FOR_ALL,
    ...(isPrivate ? FOR_PRIVATE : []),
    ...(hasInput ? FOR_INPUT : []),
    ...(operation.requestBody === undefined ? [] : FOR_BODY),
  ];
  for (const status of statuses) {
    operation.responses[String(status)] ??= {
      description: descriptions[status] ?? 'Error',
      content: problemContent(status) as never,
    };
  }
}

const descriptions: Record<number, string> = {
  400: 'The body is not valid JSON.',
  401: 'No valid access token.',
  413: 'The body is too large.',
  415: 'The body is not declared as JSON.',
  422: 'A field is wrong; `errors` names each.',
  429: 'Too many requests; see Retry-After.',
  500: 'A fault on our side.',
  503: 'A part that is needed is down; see Retry-After.',
};
