import { Ajv, type ValidateFunction } from 'ajv';
import type { Operation } from '../support/openapi';

type Node = Record<string, unknown>;

/** Checks bodies against the schemas that the running api documents for them. */
export class ResponseSchemas {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly validators = new Map<unknown, ValidateFunction>();

  constructor(document: { components: { schemas: Record<string, Node> } }) {
    // All times in the API are in UTC, with milliseconds.
    this.ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      this.ajv.addSchema(asJsonSchema(schema) as Node, `#/components/schemas/${name}`);
    }
  }

  static async of(url: string): Promise<ResponseSchemas> {
    const response = await fetch(`${url}/docs/openapi.json`);
    return new ResponseSchemas((await response.json()) as { components: { schemas: Record<string, Node> } });
  }

  /** What is wrong with the body; null when it is as documented. */
  complaint(operation: Operation, status: number, body: unknown): string | null {
    const content = operation.responses[String(status)]?.content as Record<string, { schema?: Node }> | undefined;
    const schema = content?.['application/json']?.schema;
    if (schema === undefined) return 'no schema is documented for this body';
    let validate = this.validators.get(schema);
    if (validate === undefined) {
      validate = this.ajv.compile(asJsonSchema(schema) as Node);
      this.validators.set(schema, validate);
    }
    return validate(body) ? null : this.ajv.errorsText(validate.errors).slice(0, 500);
  }
}

/**
 * OpenAPI 3.0 to JSON Schema: `nullable` beside `allOf` becomes a choice. Objects are closed: a field that no schema tells of is a mistake in
 * one of the two.
 */
function asJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asJsonSchema);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, example: _example, ...rest } = node as Node;
  const schema: Node = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, asJsonSchema(value)]));
  if (schema.properties !== undefined && schema.allOf === undefined) schema.additionalProperties ??= false;
  return nullable === true ? { anyOf: [{ type: 'null' }, schema] } : schema;
}
