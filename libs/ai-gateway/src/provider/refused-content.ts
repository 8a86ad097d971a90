import type { ProviderErrorCode } from './provider.error';
import type { SentContent } from './request-content';

/** What an upstream said, as far as it tells which part of a request it does not take. */
interface ContentComplaint {
  status: number | null;
  code: string;
  param: string | null;
  message: string;
}

/** Codes of the Responses API that are about a picture without having "image" in them. */
const PICTURE_CODES = new Set(['failed_to_download_file', 'unsupported_media_type']);

/**
 * Whether a complaint is about what makes the answer worth having: its tools, its schema, its pictures. Those are never left out in silence.
 * Only what was sent can have been refused.
 */
export function refusedContentCode(complaint: ContentComplaint, sent: SentContent): ProviderErrorCode | null {
  const { status, code, param, message } = complaint;
  // Servers of MCP that cannot be reached are "failed dependencies" of the upstream.
  if (sent.tools && (status === 424 || /^(?:http_error|external_connector_error)$/.test(code))) {
    return 'UPSTREAM.TOOL_FAILED';
  }
  const isRefusal = status === null ? code !== '' : [400, 404, 413, 415, 422].includes(status);
  if (!isRefusal) return null;
  if (sent.images && isAboutImages(complaint)) {
    return code === 'image_content_policy_violation' ? 'UPSTREAM.CONTENT_FILTERED' : 'UPSTREAM.IMAGE_REFUSED';
  }
  if (status === null) return null;
  if (sent.tools && isAbout(param, ['tools', 'tool_choice'], message, /\btools?\b|vector store|mcp/i)) {
    return 'UPSTREAM.TOOLS_REFUSED';
  }
  const schemaWords = /response_format|json[_ ]schema|text\.format|structured output/i;
  if (sent.schema && isAbout(param, ['text', 'response_format'], message, schemaWords)) {
    return 'UPSTREAM.RESPONSE_FORMAT_REFUSED';
  }
  return null;
}

/** By the field that is named, else by the words. */
function isAbout(param: string | null, fields: string[], message: string, words: RegExp): boolean {
  return param === null ? words.test(message) : fields.includes(/^[a-z_]+/i.exec(param)?.[0] ?? '');
}

function isAboutImages({ status, code, param, message }: ContentComplaint): boolean {
  if (/image/i.test(code) || PICTURE_CODES.has(code)) return true;
  if (code === 'context_length_exceeded' || code === 'model_not_found') return false;
  // Pictures are nearly all of the bytes of a request that has some.
  if (status === 413) return true;
  if (param !== null && !/^(?:input|messages)(?:$|[[.])/.test(param)) return /image/i.test(param);
  return /image/i.test(param ?? '') || /\bimages?\b|image_url|multi-?modal|vision/i.test(message);
}
