import type { HookRequest } from '../core/channel-adapter';
import { isRecord, type Json } from '../meta/json';

/** Fields of a body, whatever they are. */
const MAX_FIELDS = 100;

/** What a hook of Mattermost tells: a form or JSON, as it says itself. @throws when it cannot be read */
export interface HookFields {
  purpose: 'outgoing' | 'command';
  fields: Json;
}

/** Read once, however many channels' tokens it is tried with. */
const read = new WeakMap<HookRequest, HookFields>();

export function hookFieldsOf(request: HookRequest): HookFields {
  const known = read.get(request);
  if (known !== undefined) return known;
  const text = request.body.toString('utf8');
  const type = String(request.headers['content-type'] ?? '').toLowerCase();
  const fields: unknown = type.startsWith('application/json') ? JSON.parse(text) : formOf(text);
  if (!isRecord(fields)) throw new Error('The body is no object.');
  const found: HookFields = { purpose: request.purpose === 'command' ? 'command' : 'outgoing', fields };
  read.set(request, found);
  return found;
}

function formOf(text: string): Json {
  const fields: Json = Object.create(null) as Json;
  // Cut before they are read: anybody can send 3 MB of fields.
  const some = text.split('&', MAX_FIELDS).join('&');
  for (const [name, value] of new URLSearchParams(some)) fields[name] ??= value;
  return fields;
}
