import { IsFreeJson } from '@app/platform';

const MAX_BYTES = 16 * 1024;
const MAX_DEPTH = 6;

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

function problemOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be a JSON object';
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_BYTES) return `must take at most ${MAX_BYTES} bytes as JSON`;
  return depthOf(value) > MAX_DEPTH ? `must not be nested deeper than ${MAX_DEPTH} levels` : null;
}

/** Whatever a host site wants to say of its visitor, within bounds. */
export const IsMetadata = (): PropertyDecorator => IsFreeJson('isMetadata', problemOf);
