import { StrictValidationPipe } from '@app/platform';
import { isSameContent } from '../persona';
import { CreatePersonaDto } from './persona.dto';
import { toNewContent } from './to-content';

const MCP = { type: 'mcp', server_label: 'docs', server_url: 'https://mcp.example.com/mcp' };
const schema = { type: 'object', properties: { b: { type: 'string' }, a: { type: 'string' } } };

async function accepted(fields: object): Promise<CreatePersonaDto> {
  const pipe = new StrictValidationPipe();
  const dto: unknown = await pipe.transform({ name: 'Alex', ...fields }, { type: 'body', metatype: CreatePersonaDto });
  return dto as CreatePersonaDto;
}

async function refusedFields(fields: object): Promise<string[]> {
  try {
    await accepted(fields);
    return [];
  } catch (error) {
    return (error as { extra: { errors: { field: string }[] } }).extra.errors.map(({ field }) => field);
  }
}

const contentOf = async (fields: object) => toNewContent(await accepted(fields));

describe('how a persona uses its upstream', () => {
  it.each<[string, object]>([
    ['nothing', {}],
    ['null for every default', { tools: null, response_format: null, metadata: null, fallback_models: null }],
    ['null for the rest', { conversation_state: null, openai_prompt_version: null, openai_prompt_variables: null }],
    ['five fallback models', { fallback_models: ['a', 'b', 'c', 'd', 'meta-llama/Llama-4'] }],
    ['two MCP servers', { tools: [MCP, { ...MCP, server_label: 'other', allowed_tools: ['search'] }] }],
    ['ten pairs', { metadata: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`k${n}`, 'x'.repeat(512)])) }],
    ['a tier', { service_tier: 'priority' }],
    ['redaction of everything', { pii_redaction: {} }],
    ['redaction of a list', { pii_redaction: { types: [], custom: ['Project Falcon', '猎鹰'] } }],
    ['a cache of a month', { answer_cache: { ttl_seconds: 2_592_000, is_shared: true } }],
    ['a location', { tools: [{ type: 'web_search', user_location: { country: 'DE', timezone: 'Europe/Berlin' } }] }],
  ])('may be set to %s', async (_what, fields) => {
    await expect(refusedFields(fields)).resolves.toEqual([]);
  });

  it.each<[string, object]>([
    ['service_tier', { service_tier: 'fast' }],
    ['pii_redaction', { pii_redaction: [] }],
    ['pii_redaction.types', { pii_redaction: { types: ['name'] } }],
    ['pii_redaction.types', { pii_redaction: { types: ['email', 'email'] } }],
    ['pii_redaction.custom', { pii_redaction: { custom: ['x'] } }],
    ['pii_redaction.custom', { pii_redaction: { custom: ['--'] } }],
    ['pii_redaction.custom', { pii_redaction: { custom: ['x'.repeat(101)] } }],
    ['pii_redaction.custom', { pii_redaction: { custom: Array.from({ length: 101 }, (_, n) => `word ${n}`) } }],
    ['answer_cache.ttl_seconds', { answer_cache: {} }],
    ['answer_cache.ttl_seconds', { answer_cache: { ttl_seconds: 2_592_001 } }],
    ['answer_cache.ttl_seconds', { answer_cache: { ttl_seconds: 0 } }],
    ['answer_cache.is_shared', { answer_cache: { ttl_seconds: 1, is_shared: 'yes' } }],
    ['conversation_state', { conversation_state: 'forever' }],
    ['fallback_models', { fallback_models: ['a', 'b', 'c', 'd', 'e', 'f'] }],
    ['fallback_models', { fallback_models: ['a', 'a'] }],
    ['fallback_models', { fallback_models: ['a b'] }],
    ['fallback_models', { fallback_models: 'gpt-6-sol' }],
    ['tools', { tools: 'web_search' }],
    ['tools', { tools: [{ type: 'web_search' }, { type: 'web_search' }] }],
    ['tools', { tools: [MCP, { ...MCP, server_url: 'https://other.example.com' }] }],
    ['tools', { tools: Array.from({ length: 11 }, (_, n) => ({ ...MCP, server_label: `s${n}` })) }],
    ['tools.0.type', { tools: [null] }],
    ['tools.0.type', { tools: ['web_search'] }],
    ['tools.1.type', { tools: [MCP, { type: 'function', name: 'x' }] }],
    ['tools.0.type', { tools: [{ type: 'constructor' }] }],
    ['tools.0.nonsense', { tools: [{ type: 'web_search', nonsense: 1 }] }],
    ['tools.0.allowed_domains', { tools: [{ type: 'web_search', allowed_domains: ['https://example.com'] }] }],
    ['tools.0.user_location.country', { tools: [{ type: 'web_search', user_location: { country: 'Germany' } }] }],
    ['tools.0.vector_store_ids', { tools: [{ type: 'file_search' }] }],
    ['tools.0.vector_store_ids', { tools: [{ type: 'file_search', vector_store_ids: [] }] }],
    ['tools.0.max_num_results', { tools: [{ type: 'file_search', vector_store_ids: ['vs_1'], max_num_results: 51 }] }],
    ['tools.0.container.type', { tools: [{ type: 'code_interpreter', container: { type: 'cntr_1' } }] }],
    ['tools.0.server_label', { tools: [{ ...MCP, server_label: '' }] }],
    ['tools.0.server_url', { tools: [{ ...MCP, server_url: 'http://mcp.example.com' }] }],
    ['tools.0.server_url', { tools: [{ ...MCP, server_url: 'https://user:secret@mcp.example.com' }] }],
    ['tools.0.server_url', { tools: [{ ...MCP, server_url: 'https://mcp.example.com/?key=secret' }] }],
    ['tools.0.headers', { tools: [{ ...MCP, headers: { authorization: 'Bearer secret' } }] }],
    ['tools.0.authorization', { tools: [{ ...MCP, authorization: 'secret' }] }],
    ['response_format', { response_format: [] }],
    ['response_format.name', { response_format: { name: 'a b', schema } }],
    ['response_format.schema', { response_format: { name: 'a' } }],
    ['response_format.schema', { response_format: { name: 'a', schema: { description: 'x'.repeat(20_001) } } }],
    ['response_format.strict', { response_format: { name: 'a', schema, strict: 'yes' } }],
    ['metadata', { metadata: { a: 1 } }],
    ['metadata', { metadata: { a: 'x'.repeat(513) } }],
    ['metadata', { metadata: { ['x'.repeat(65)]: 'a' } }],
    ['metadata', { metadata: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, 'x'])) }],
    ['openai_prompt_version', { openai_prompt_version: 'a b' }],
    ['openai_prompt_variables', { openai_prompt_variables: { a: ['x'] } }],
  ])('is refused with the name of the field: %s', async (field, fields) => {
    await expect(refusedFields(fields)).resolves.toEqual([field]);
  });

  it('keeps the schema of an answer as it was sent, in its order and with all its names', async () => {
    const sent = '{"type":"object","properties":{"constructor":{},"b":{"prototype":"x"},"a":{}}}';
    const schema = JSON.parse(sent) as object;
    const { responseFormat } = await contentOf({ response_format: { name: 'ticket', schema } });
    // Compared with the text: the pipe may change what it is given.
    expect(JSON.stringify(responseFormat)).toBe(`{"name":"ticket","schema":${sent},"strict":false}`);
  });

  it('stores of a tool only what is known of it, and fills in the container', async () => {
    const { tools } = await contentOf({
      tools: [{ type: 'code_interpreter' }, { allowed_domains: ['a.org'], type: 'web_search' }],
    });
    expect(tools).toEqual([
      { type: 'code_interpreter', container: { type: 'auto' } },
      { type: 'web_search', allowed_domains: ['a.org'] },
    ]);
  });

  it('is the same content when pairs or fields of a tool come in another order, and another when fields of a schema do', async () => {
    const one = await contentOf({ metadata: { a: '1', b: '2' }, tools: [MCP], response_format: { name: 'x', schema } });
    const same = await contentOf({
      metadata: { b: '2', a: '1' },
      tools: [{ server_url: MCP.server_url, server_label: 'docs', type: 'mcp' }],
      response_format: { schema, name: 'x' },
    });
    expect(isSameContent(one, same)).toBe(true);
    const turned = { ...schema, properties: { a: schema.properties.a, b: schema.properties.b } };
    const other = await contentOf({
      metadata: { a: '1', b: '2' },
      tools: [MCP],
      response_format: { name: 'x', schema: turned },
    });
    expect(isSameContent(one, other)).toBe(false);
  });
});
