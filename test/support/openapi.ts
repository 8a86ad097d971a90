/** What the tests need of an OpenAPI document. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: unknown[];
  example?: unknown;
  minLength?: number;
  maxLength?: number;
  items?: Schema;
  allOf?: Schema[];
  additionalProperties?: Schema | boolean;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema?: Schema;
}

interface RawOperation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
  security?: unknown[];
}

export interface Operation {
  method: string;
  path: string;
  parameters: Parameter[];
  /** Of the JSON body, with everything that it refers to in its place; null when the route takes none. */
  body: Schema | null;
  responses: RawOperation['responses'];
  isPublic: boolean;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** All routes of a running api, from its own OpenAPI document. */
export async function operationsOf(url: string): Promise<Operation[]> {
  const document = (await (await fetch(`${url}/docs/openapi.json`)).json()) as {
    paths: Record<string, Record<string, RawOperation>>;
    components: { schemas: Record<string, Schema> };
  };
  const resolve = (schema: Schema): Schema => inlined(schema, document.components.schemas);
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, raw]) => {
        const body = raw.requestBody?.content['application/json']?.schema;
        return {
          method: method.toUpperCase(),
          path,
          parameters: raw.parameters ?? [],
          body: body === undefined ? null : resolve(body),
          responses: raw.responses,
          isPublic: (raw.security?.length ?? 0) === 0,
        };
      }),
  );
}

/** A schema without references. Bodies do not hold themselves. */
function inlined({ $ref, allOf = [], ...schema }: Schema, named: Record<string, Schema>): Schema {
  const { properties, items, additionalProperties: others, ...rest } = schema;
  const whole: Schema = {
    ...rest,
    ...(items === undefined ? {} : { items: inlined(items, named) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => [name, inlined(property, named)]),
          ),
        }),
    ...(others === undefined
      ? {}
      : { additionalProperties: typeof others === 'boolean' ? others : inlined(others, named) }),
  };
  const parts = [...allOf, ...($ref === undefined ? [] : [named[$ref.split('/').at(-1)!]!])];
  return parts.reduce<Schema>((merged, part) => ({ ...inlined(part, named), ...merged }), whole);
}

/** A valid body for a schema, from its examples. */
export function exampleBody(schema: Schema): Record<string, unknown> {
  const entries = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name) === true);
  return Object.fromEntries(entries.map(([name, property]) => [name, exampleValue(property)]));
}

function exampleValue(schema: Schema): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'number' || schema.type === 'integer') return 1;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'array') return [];
  if (schema.type === 'object') return exampleBody(schema);
  return 'x'.repeat(Math.max(8, schema.minLength ?? 0));
}
