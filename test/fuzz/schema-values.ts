import * as fc from 'fast-check';
import type { Schema } from '../support/openapi';
import { placeholder, type Kind, KINDS, type Whose } from './placeholders';

/** A schema as far as request bodies and parameters use it. */
export interface ValueSchema extends Schema {
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  nullable?: boolean;
  pattern?: string;
  format?: string;
}

const MAX_UNBOUNDED_TEXT = 60;

/** Mostly what is the sender's own, sometimes somebody else's, sometimes what does not exist. */
export const whose: fc.Arbitrary<Whose> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Whose>('own') },
  { weight: 1, arbitrary: fc.constant<Whose>('foreign') },
  { weight: 1, arbitrary: fc.constant<Whose>('gone') },
);

const someId = (kind: Kind): fc.Arbitrary<string> =>
  fc.tuple(whose, fc.nat({ max: 6 })).map(([owner, n]) => placeholder(kind, owner, n));

const TOOLS = [
  {
    type: 'web_search',
    search_context_size: 'low',
    allowed_domains: ['example.com'],
    user_location: { country: 'DE' },
  },
  { type: 'file_search', vector_store_ids: ['vs_1'], max_num_results: 50 },
  { type: 'code_interpreter' },
  { type: 'mcp', server_label: 'docs', server_url: 'https://mcp.example.com/mcp' },
];

const SECRETS = {
  access_token: 'EAAG0123456789abcdefghij',
  app_secret: 'f'.repeat(32),
  verify_token: 'a-verify-token',
};

/** Accounts of channels, some of which exist already. */
export const CREDENTIALS = [
  { phone_number_id: '106540352242922', ...SECRETS },
  { account_id: '17841400000000001', ...SECRETS },
  // Nobody there: no name ends like this.
  { url: 'https://chat.example.invalid', bot_token: 'x'.repeat(26), webhook_token: 'y'.repeat(26) },
];

const channelSettings = fc.record(
  {
    debounce_ms: fc.constantFrom(0, 1500, 30_000),
    debounce_max_ms: fc.constantFrom(0, 30_000, 120_000),
    opt_out_words: fc.subarray(['stop', 'STOP', 'ende', 'ありがとう']),
    opt_out_text: fc.constantFrom('Bye', null),
    messages_per_minute: fc.constantFrom(1, 10_000),
    template: fc.constantFrom({ name: 'we_are_back', language: 'en_US' }, { name: 'x', language: 'nowhere' }, null),
    stop_ai_on_echo: fc.boolean(),
    allowed_senders: fc.subarray(['15550001', 'US.123']),
  },
  { requiredKeys: [] },
);

/** For one kind of channel only. */
const mattermostSettings = fc.record(
  {
    triggers: fc.subarray(['ai:', '@aibot', '(?)']),
    allowed_channels: fc.subarray(['a'.repeat(26), 'team/town-square', 'no']),
    context_posts: fc.constantFrom(0, 100, 101),
    allow_private_network: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** What a field of this name needs to get through, where the schema cannot say it. */
function byName(name: string): fc.Arbitrary<unknown> | undefined {
  const kind = KINDS.find((candidate) => name === `${candidate}_id`);
  if (kind !== undefined) return someId(kind);
  switch (name) {
    case 'username':
      return fc.oneof(
        fc.nat({ max: 5 }).map((n) => placeholder('username', 'own', n)),
        fc.uuid().map((id) => `fuzz-${id}@example.com`),
        fc.emailAddress(),
      );
    case 'email':
      return fc.constantFrom('dana@example.com', 'Dana@Example.com', null);
    case 'phone':
      return fc.constantFrom('+49 170 1234567', '555-0100 ext. 12', null);
    case 'external_id':
      return fc.oneof(fc.constantFrom('crm-1', 'crm-2', null), fc.uuid());
    case 'session_timeout_ms':
      return fc.constantFrom(1_000_000, 2_592_000_000, null);
    case 'password':
      return fc.oneof(
        { weight: 5, arbitrary: fc.constant('password123') },
        { weight: 1, arbitrary: fc.string({ minLength: 8, maxLength: 128, unit: 'grapheme' }) },
      );
    case 'refresh_token':
      return fc.tuple(fc.nat({ max: 5 })).map(([n]) => placeholder('refresh_token', 'own', n));
    case 'sessionId':
      return fc.tuple(whose, fc.nat({ max: 5 })).map(([owner, n]) => placeholder('support_session', owner, n));
    // What is generated here is never right; mostly without them, or no session would ever be begun.
    case 'userHash':
    case 'userToken':
    case 'publicKey':
      return fc.constantFrom(...Array<undefined>(9).fill(undefined), 'ab'.repeat(32), 'a.b.c', 'pk_nobody');
    case 'allowed_origins':
      return fc.subarray(['https://shop.example.com', 'https://*.example.com', 'http://localhost:5173', '*']);
    case 'requires_identity':
      return fc.constant(false);
    case 'cursor':
      return fc.nat({ max: 5 }).map((n) => placeholder('cursor', 'own', n));
    case 'model':
      return fc.constantFrom('gpt-6-luna', 'gpt-6-sol', 'does-not-exist', null);
    case 'fallback_models':
      return fc.uniqueArray(fc.constantFrom('gpt-6-luna', 'gpt-6-sol', 'meta-llama/Llama-4', 'does-not-exist'));
    case 'openai_prompt_id':
      return fc.constantFrom('pmpt_68a1c2', null);
    case 'pii_redaction':
      return fc.record(
        { types: fc.subarray(['email', 'phone', 'card', 'iban']), custom: fc.subarray(['Project Falcon', 'ACME']) },
        { requiredKeys: [] },
      );
    case 'answer_cache':
      return fc.record(
        { ttl_seconds: fc.constantFrom(1, 3600, 2_592_000), is_shared: fc.boolean() },
        { requiredKeys: ['ttl_seconds'] },
      );
    case 'openai_prompt_version':
      return fc.constantFrom('1', 'v2.1');
    case 'effective_from':
    case 'from':
    case 'to':
    case 'at':
      return fc.constantFrom(
        '2026-11-01',
        '2026-10-01T00:00:00Z',
        '2026-11-21T12:00:00.5+01:00',
        '2026-13-01',
        '1969-12-31',
      );
    case 'input_usd_per_mtok':
    case 'cached_input_usd_per_mtok':
    case 'cache_write_usd_per_mtok':
    case 'output_usd_per_mtok':
    case 'reasoning_usd_per_mtok':
      return fc.constantFrom(0, 0.1, 2.5, 100_000, 0.000001);
    case 'long_context_input_factor':
    case 'long_context_output_factor':
      return fc.constantFrom(1, 2, 1.5, null);
    case 'time_zone':
      return fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Nowhere/Land');
    case 'credentials':
      return fc.oneof(
        fc.constantFrom(...CREDENTIALS),
        // Accounts that nobody has yet, of each kind.
        fc
          .tuple(fc.constantFrom(...CREDENTIALS), fc.integer({ min: 10_000, max: 99_999 }))
          .map(([credentials, id]) =>
            'url' in credentials
              ? { ...credentials, url: `https://${id}.example.invalid` }
              : 'account_id' in credentials
                ? { ...credentials, account_id: String(id) }
                : { ...credentials, phone_number_id: String(id) },
          ),
        fc.constant({ access_token: 'EAAGanotherTokenAltogether' }),
      );
    case 'settings':
      return fc.oneof({ weight: 8, arbitrary: channelSettings }, { weight: 1, arbitrary: mattermostSettings });
    case 'webhook_url':
      return fc.constantFrom('https://hooks.example.com/a', 'http://127.0.0.1/b', 'https://[::1]/c', null);
    case 'url':
      return fc.constantFrom('https://hooks.example.com/a', 'https://hooks.example.com/b', 'http://127.0.0.1/c');
    case 'words':
      return fc.subarray(['refund*', 'legal action', 'Beschwerde', '至急', '*', 'a']);
    case 'except':
      return fc.subarray(['refund policy', 'not urgent']);
    case 'weekly':
      return fc.subarray([
        { day: 1, from: '09:00', to: '17:00' },
        { day: 5, from: '22:00', to: '06:00' },
        { day: 7, from: '00:00', to: '24:00' },
      ]);
    case 'holidays':
      return fc.subarray(['2026-12-25', '2027-01-01', '2026-02-30']);
    case 'metadata':
    case 'openai_prompt_variables':
      return fc.dictionary(fc.string({ minLength: 1, maxLength: 64 }), fc.string({ maxLength: 512 }), { maxKeys: 10 });
    case 'tools':
      return fc.subarray(TOOLS);
    case 'response_format':
      return fc.record({ name: fc.constant('ticket'), schema: fc.constant({ type: 'object' }), strict: fc.boolean() });
    case 'expected_version':
    case 'based_on_version':
    case 'version':
    case 'version_a':
    case 'version_b':
      return fc.integer({ min: 1, max: 3 });
    case 'changes':
      return fc.constantFrom<object[]>({}, { temperature: 0.5 }, { system_instructions: 'Be brief.', max_tokens: 50 });
    case 'history':
      return fc.constantFrom<object[][]>(
        [],
        [{ role: 'user', content: 'Hi' }],
        [{ role: 'assistant', content: 'Hello' }],
      );
    case 'images':
      return fc.array(
        fc.constantFrom({ url: 'https://example.com/a.png' }, { url: 'https://gone.example/b', detail: 'low' }),
        {
          maxLength: 10,
        },
      );
    default:
      return undefined;
  }
}

/** A value that the schema allows; often one at its bounds. */
export function validValue(name: string, schema: ValueSchema): fc.Arbitrary<unknown> {
  const value = byName(name) ?? bySchema(name, schema);
  return schema.nullable === true
    ? fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) })
    : value;
}

function bySchema(name: string, schema: ValueSchema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'number' || schema.type === 'integer') return numberOf(schema, name === 'temperature');
  if (schema.type === 'array') return listOf(name, schema);
  if (schema.properties !== undefined) return validObject(schema);
  if (typeof schema.additionalProperties === 'object') {
    return fc.dictionary(fc.constantFrom('en', 'de', 'fr', 'zh'), validValue(name, schema.additionalProperties));
  }
  return textOf(schema);
}

function listOf(name: string, schema: ValueSchema): fc.Arbitrary<unknown[]> {
  const bounds = { minLength: schema.minItems ?? 0, maxLength: schema.maxItems ?? 5 };
  const items = validValue(`${name}[]`, schema.items ?? {});
  return schema.uniqueItems === true ? fc.uniqueArray(items, bounds) : fc.array(items, bounds);
}

/** All that is required, and some of the rest. */
export function validObject(schema: ValueSchema): fc.Arbitrary<Record<string, unknown>> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, ValueSchema>);
  return fc.record(Object.fromEntries(properties.map(([name, property]) => [name, validValue(name, property)])), {
    requiredKeys: properties.map(([name]) => name).filter((name) => schema.required?.includes(name) === true),
  });
}

function numberOf(schema: ValueSchema, isFraction: boolean): fc.Arbitrary<number> {
  const [min, max] = [schema.minimum ?? 1, schema.maximum ?? 100];
  const between = isFraction
    ? fc.double({ min, max, noNaN: true })
    : fc.integer({ min: Math.ceil(min), max: Math.floor(Math.min(max, min + 500)) });
  return fc.oneof({ weight: 3, arbitrary: between }, { weight: 1, arbitrary: fc.constantFrom(min, max) });
}

function textOf(schema: ValueSchema): fc.Arbitrary<string> {
  const min = schema.minLength ?? 0;
  const max = schema.maxLength ?? MAX_UNBOUNDED_TEXT;
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern), { maxLength: max });
  const usual = fc.string({ unit: 'grapheme', minLength: min, maxLength: Math.min(max, min + MAX_UNBOUNDED_TEXT) });
  const ends = fc.constantFrom(Math.max(1, min), max).map((length) => 'ab '.repeat(length).slice(0, length - 1) + 'z');
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant('What do you mean?') },
    { weight: 2, arbitrary: usual },
    { weight: 1, arbitrary: ends },
  );
}
