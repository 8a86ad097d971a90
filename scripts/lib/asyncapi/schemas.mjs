import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';

/** The only numbers that are not whole; everything else counts something or names it. */
const FRACTIONS = new Set(['confidence']);
const TIMES = new Set(['timestamp', 'expiresAt']);

/** TypeScript knows only numbers and texts; clients that are generated want to know which are whole, and which are times. */
function sayWhatIsWhole(node) {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, value] of Object.entries(node)) {
    if (value?.type === 'number' && !FRACTIONS.has(name)) value.type = 'integer';
    if (Array.isArray(value?.type)) value.type = value.type.map((type) => (type === 'number' ? 'integer' : type));
    if (value?.type === 'string' && TIMES.has(name)) value.format = 'date-time';
    sayWhatIsWhole(value);
  }
}

const moveRefs = (node) =>
  JSON.parse(JSON.stringify(node).replaceAll('"#/definitions/', '"#/components/schemas/').replaceAll('%20', ' '));

/**
 * JSON schemas (draft 7) of types.
 * @param text of socket-events.ts @param aliases source text of a type by the name that its schema is to have
 * @returns the schemas by name, with what they refer to
 */
export function schemasOf(text, aliases) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-asyncapi-'));
  try {
    const path = join(folder, 'types.ts');
    const extra = Object.entries(aliases)
      .filter(([name, type]) => name !== type)
      .map(([name, type]) => `export type ${name} = ${type};`);
    writeFileSync(path, `${text}\n${extra.join('\n')}\n`);
    const generator = createGenerator({ path, additionalProperties: true, skipTypeCheck: true, sortProps: false });
    const { definitions } = generator.createSchema(Object.keys(aliases));
    sayWhatIsWhole(definitions);
    return moveRefs(definitions);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
