import type { ReplyScenario } from './scenario';

type Body = Record<string, unknown>;

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null;

/** The pieces of an answer as a model writes them that keeps to what it was asked: in the schema of a reply with a verdict, or with a last line. */
export function inAskedForm(body: Body, scenario: ReplyScenario, pieces: string[]): string[] {
  if (scenario.isUnstructured || scenario.as === 'refusal' || pieces.length === 0) return pieces;
  const { confidence = 0.9, needsHuman = false } = scenario;
  const isWhole = (scenario.finish ?? 'stop') === 'stop';
  if (hasVerdictSchema(body)) {
    const end = ['","confid', `ence":${confidence}`, `,"needs_human":${needsHuman}}`];
    return ['{"reply":"', ...pieces.map((piece) => JSON.stringify(piece).slice(1, -1)), ...(isWhole ? end : [])];
  }
  if (!JSON.stringify([body.instructions, body.messages]).includes('[[confidence:') || !isWhole) return pieces;
  return [...pieces, '\n[[confid', `ence: ${confidence}; human: ${needsHuman ? 'yes' : 'no'}]]`];
}

function hasVerdictSchema({ text, response_format: format }: Body): boolean {
  const asked = isBody(text) ? text.format : isBody(format) ? format.json_schema : null;
  const schema = isBody(asked) && isBody(asked.schema) ? asked.schema : {};
  return isBody(schema.properties) && 'reply' in schema.properties && 'confidence' in schema.properties;
}
