import { IsFreeJson } from '@app/platform';

/** What a prompt has room for: whatever is stored is also told, whole. */
const MAX_ENTRIES = 50;
const MAX_KEY = 100;
const MAX_VALUE = 1_000;
const MAX_BYTES = 16_000;

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function problemOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be an object';
  const entries = Object.entries(value);
  if (entries.length > MAX_ENTRIES) return `must not have more than ${MAX_ENTRIES} entries`;
  if (entries.some(([key]) => key.trim() === '' || key.length > MAX_KEY)) {
    return `must have keys of 1 to ${MAX_KEY} characters`;
  }
  const long = entries.find(([, entry]) => written(entry).length > MAX_VALUE);
  if (long !== undefined) return `must have values of at most ${MAX_VALUE} characters when written down (${long[0]})`;
  return Buffer.byteLength(JSON.stringify(value)) > MAX_BYTES ? `must have at most ${MAX_BYTES} bytes` : null;
}

/** What is known of a client besides: up to 50 entries of any JSON, 16,000 bytes together. */
export const IsClientMetadata = (): PropertyDecorator => IsFreeJson('isClientMetadata', problemOf);
