import type { ErrorScenario } from './scenario';

type Body = Record<string, unknown>;
type Api = 'responses' | 'chat';

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What OpenAI refuses in tools, schemas, metadata and pictures; null when it takes all of it. */
export function contentRefusal(api: Api, body: Body): ErrorScenario | null {
  return (
    toolsRefused(api, body.tools) ??
    schemaRefused(api, api === 'responses' ? (body.text as Body | undefined)?.format : body.response_format) ??
    metadataRefused(api, body) ??
    imagesRefused(api, api === 'responses' ? body.input : body.messages)
  );
}

const TOOL_FIELDS: Record<string, { known: string[]; required: string[] }> = {
  web_search: { known: ['filters', 'search_context_size', 'user_location', 'external_web_access'], required: [] },
  file_search: {
    known: ['vector_store_ids', 'max_num_results', 'filters', 'ranking_options'],
    required: ['vector_store_ids'],
  },
  code_interpreter: { known: ['container'], required: ['container'] },
  mcp: {
    known: [
      'server_label',
      'server_url',
      'allowed_tools',
      'require_approval',
      'headers',
      'authorization',
      'server_description',
    ],
    required: ['server_label', 'server_url'],
  },
  function: { known: ['name', 'parameters', 'strict', 'description'], required: ['name'] },
};

function toolsRefused(api: Api, tools: unknown): ErrorScenario | null {
  if (tools === undefined) return null;
  if (!Array.isArray(tools)) return refusal("Invalid type for 'tools': expected an array.", 'tools', 'invalid_type');
  for (const [index, tool] of (tools as unknown[]).entries()) {
    const place = `tools[${index}]`;
    const type = isBody(tool) ? String(tool.type) : '';
    const rule = TOOL_FIELDS[type];
    if (api === 'chat' && type !== 'function') {
      return refusal(
        `Invalid value: '${type}'. Supported values are: 'function' and 'custom'.`,
        `${place}.type`,
        'invalid_value',
      );
    }
    if (rule === undefined || !isBody(tool)) {
      return refusal(`Invalid value: '${type}'.`, `${place}.type`, 'invalid_value');
    }
    const missing = rule.required.find((field) => tool[field] === undefined);
    if (missing) {
      return refusal(
        `Missing required parameter: '${place}.${missing}'.`,
        `${place}.${missing}`,
        'missing_required_parameter',
      );
    }
    const unknown = Object.keys(tool).find((field) => field !== 'type' && !rule.known.includes(field));
    if (unknown) {
      return refusal(`Unknown parameter: '${place}.${unknown}'.`, `${place}.${unknown}`, 'unknown_parameter');
    }
    const stores = tool.vector_store_ids;
    if (Array.isArray(stores) && stores.some((id) => !String(id).startsWith('vs_'))) {
      return {
        type: 'error',
        status: 404,
        errorType: 'invalid_request_error',
        code: null,
        message: `Vector store with id ${JSON.stringify(stores)} not found.`,
      };
    }
  }
  return null;
}

function schemaRefused(api: Api, format: unknown): ErrorScenario | null {
  if (!isBody(format) || format.type !== 'json_schema') return null;
  const place = api === 'responses' ? 'text.format' : 'response_format';
  const inner = api === 'responses' ? format : format.json_schema;
  const at = api === 'responses' ? place : `${place}.json_schema`;
  if (!isBody(inner)) return refusal(`Missing required parameter: '${at}'.`, at, 'missing_required_parameter');
  if (typeof inner.name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(inner.name)) {
    return refusal(`Invalid '${at}.name'.`, `${at}.name`, 'invalid_value');
  }
  if (!isBody(inner.schema)) {
    return refusal(`Missing required parameter: '${at}.schema'.`, `${at}.schema`, 'missing_required_parameter');
  }
  if (inner.strict === true && openObject(inner.schema)) {
    const message = `Invalid schema for response_format '${inner.name}': In context=(), 'additionalProperties' is required to be supplied and to be false.`;
    return refusal(message, api === 'responses' ? 'text.format.schema' : 'response_format', 'invalid_json_schema');
  }
  return null;
}

/** Strict schemas have no open objects. */
const openObject = (schema: Body): boolean =>
  (schema.type === 'object' && schema.additionalProperties !== false) ||
  Object.values(schema).some((value) => isBody(value) && openObject(value));

function metadataRefused(api: Api, body: Body): ErrorScenario | null {
  const { metadata } = body;
  if (metadata === undefined || metadata === null) return null;
  if (api === 'chat' && body.store !== true) {
    return refusal("The 'metadata' parameter is only allowed when 'store' is enabled.", 'metadata', null);
  }
  const pairs = isBody(metadata) ? Object.entries(metadata) : null;
  if (pairs === null) return refusal("Invalid type for 'metadata'.", 'metadata', 'invalid_type');
  if (pairs.length > 16) {
    return refusal("Invalid 'metadata': too many properties.", 'metadata', 'object_above_max_properties');
  }
  const long = pairs.find(([key, value]) => key.length > 64 || typeof value !== 'string' || value.length > 512);
  return long
    ? refusal(`Invalid 'metadata.${long[0]}': string too long.`, `metadata.${long[0]}`, 'string_above_max_length')
    : null;
}

/** URLs with this in them cannot be fetched. */
const GONE = 'gone.example';

function imagesRefused(api: Api, list: unknown): ErrorScenario | null {
  if (!Array.isArray(list)) return null;
  const name = api === 'responses' ? 'input' : 'messages';
  for (const [index, item] of (list as unknown[]).entries()) {
    const { content, role } = isBody(item) ? item : {};
    if (!Array.isArray(content)) continue;
    for (const [part, value] of (content as unknown[]).entries()) {
      const place = `${name}[${index}].content[${part}]`;
      const complaint = partRefused(api, role, isBody(value) ? value : {}, place);
      if (complaint) return complaint;
    }
  }
  return null;
}

function partRefused(api: Api, role: unknown, part: Body, place: string): ErrorScenario | null {
  const [text, image] = api === 'responses' ? ['input_text', 'input_image'] : ['text', 'image_url'];
  if (part.type === text) {
    return typeof part.text === 'string'
      ? null
      : refusal(`Missing required parameter: '${place}.text'.`, `${place}.text`, 'missing_required_parameter');
  }
  if (part.type !== image || role !== 'user') {
    return refusal(`Invalid value: '${String(part.type)}'.`, place, 'invalid_value');
  }
  const url = api === 'responses' ? part.image_url : (part.image_url as Body | undefined)?.url;
  const at = api === 'responses' ? `${place}.image_url` : `${place}.image_url.url`;
  if (typeof url !== 'string') return refusal(`Missing required parameter: '${at}'.`, at, 'missing_required_parameter');
  if (url.startsWith('data:')) {
    const [, type, data] = /^data:(image\/(?:png|jpeg|webp|gif));base64,([A-Za-z0-9+/]+=*)$/.exec(url) ?? [];
    if (type !== undefined && isPicture(type, Buffer.from(data!, 'base64'))) return null;
    const message =
      'The image data you provided does not represent a valid image. Please check your input and try again.';
    return refusal(message, 'url', 'invalid_image_format');
  }
  if (!/^https?:\/\//.test(url)) return refusal(`Invalid '${at}'. Expected a valid URL.`, at, 'invalid_value');
  return url.includes(GONE) ? refusal(`Error while downloading ${url}.`, 'url', 'invalid_image_url') : null;
}

const MAGIC: Record<string, (bytes: Buffer) => boolean> = {
  'image/png': (bytes) => bytes.subarray(1, 4).toString('latin1') === 'PNG',
  'image/jpeg': (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8,
  'image/gif': (bytes) => bytes.subarray(0, 3).toString('latin1') === 'GIF',
  'image/webp': (bytes) => bytes.subarray(8, 12).toString('latin1') === 'WEBP',
};

const isPicture = (type: string, bytes: Buffer): boolean => MAGIC[type]?.(bytes) === true;

function refusal(message: string, param: string | null, code: string | null): ErrorScenario {
  return { type: 'error', status: 400, errorType: 'invalid_request_error', message, param, code };
}
