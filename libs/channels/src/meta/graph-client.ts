import { Injectable } from '@nestjs/common';
import { ChannelSendError } from '../core/channel-adapter';
import { isRecord, numberIn, type Json, recordIn, textIn } from './json';
import { failureOf, type GraphErrorBody } from './send-failures';

/** A call is cut then; whoever takes longer may have taken the message all the same. */
export const CALL_TIMEOUT_MS = 20_000;
/** Answers have some hundred bytes. */
const MAX_ANSWER_BYTES = 256 * 1024;
/** Longest time for a file. */
const DOWNLOAD_TIMEOUT_MS = 60_000;
/** Meta's own hosts for files: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media */
const MEDIA_HOSTS = /(^|\.)(fbsbx\.com|fbcdn\.net|facebook\.com|whatsapp\.net|cdninstagram\.com|instagram\.com)$/i;
/** Of these it is sure that nothing has left. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

export interface GraphCall {
  method: 'GET' | 'POST';
  /** With the version, such as `https://graph.facebook.com/v26.0/123/messages`. */
  url: string;
  accessToken: string;
  query?: Record<string, string>;
  body?: Json;
}

/** Speaks to Meta. Nothing of what it throws contains a token, a person or a text. */
@Injectable()
export class GraphClient {
  protected readonly timeoutMs: number = CALL_TIMEOUT_MS;

  /** @returns the answer's JSON object. @throws ChannelSendError */
  async call(call: GraphCall): Promise<Json> {
    const url = new URL(call.url);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const signal = AbortSignal.timeout(this.timeoutMs);
    const { response, text } = await attempt(call.method === 'POST', async () => {
      const response = await fetch(url, {
        method: call.method,
        redirect: 'error',
        headers: {
          authorization: `Bearer ${call.accessToken}`,
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        signal,
      });
      return { response, text: (await readAtMost(response, MAX_ANSWER_BYTES)).toString('utf8') };
    });
    const answer = parse(text);
    if (response.ok && answer !== null && !isRecord(answer.error)) return answer;
    if (response.ok && answer === null) {
      throw new ChannelSendError('unavailable', 'Meta answered 200 without JSON', call.method === 'POST');
    }
    throw failureOf(response.status, errorIn(answer), retryAfterOf(response));
  }

  /**
   * A file of Meta's, from its own hosts only.
   * @param accessToken null: the address is the permission
   * @throws ChannelSendError `invalid` when it is elsewhere, gone, or larger than `maxBytes`
   */
  async download(
    address: string,
    options: { accessToken: string | null; baseUrl: string; maxBytes: number },
  ): Promise<{ content: Buffer; contentType: string }> {
    if (!isMediaAddress(address, options.baseUrl)) throw new ChannelSendError('invalid', 'The file is not at Meta');
    const signal = AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS);
    return attempt(false, async () => {
      const response = await fetch(address, {
        redirect: 'error',
        headers: options.accessToken === null ? {} : { authorization: `Bearer ${options.accessToken}` },
        signal,
      });
      if (!response.ok) {
        await response.body?.cancel();
        throw failureOfDownload(response, options.accessToken !== null);
      }
      const contentType = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
      return {
        content: await readAtMost(response, options.maxBytes),
        contentType: contentType === '' ? 'application/octet-stream' : contentType.toLowerCase(),
      };
    });
  }
}

/** A host of files that does not let us in says nothing about the credentials: without a token there were none, and with one Meta has just taken it. */
function failureOfDownload(response: Response, hasToken: boolean): ChannelSendError {
  const failure = failureOf(response.status, null, retryAfterOf(response));
  if (failure.failure !== 'refused-credentials') return failure;
  // The next try has a new address; where the address is the permission there is none.
  return new ChannelSendError(hasToken ? 'unavailable' : 'invalid', failure.message);
}

/** Whatever breaks becomes a ChannelSendError. @param changesThings it may have arrived although nothing came back */
async function attempt<T>(changesThings: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ChannelSendError) throw error;
    const code = codeOf(error);
    const why = code ?? (isRecord(error) ? textIn(error, 'name', 60) : null) ?? 'unknown';
    throw new ChannelSendError(
      'unavailable',
      `Meta could not be reached (${why})`,
      changesThings && !NOT_CONNECTED.has(code ?? ''),
    );
  }
}

function codeOf(error: unknown): string | null {
  return isRecord(error) ? textIn(error.cause, 'code', 60) : null;
}

async function readAtMost(response: Response, maxBytes: number): Promise<Buffer> {
  const announced = Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array[] = [];
  let size = announced > maxBytes ? announced : 0;
  if (size === 0 && response.body) {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  }
  if (size <= maxBytes) return Buffer.concat(chunks);
  if (response.body?.locked === false) await response.body.cancel();
  throw new ChannelSendError('invalid', `It is larger than ${maxBytes} bytes`);
}

function isMediaAddress(address: string, baseUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.origin === new URL(baseUrl).origin) return true;
  return url.protocol === 'https:' && url.port === '' && url.username === '' && MEDIA_HOSTS.test(url.hostname);
}

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function errorIn(answer: Json | null): GraphErrorBody | null {
  const error = recordIn(answer, 'error');
  if (error === null) return null;
  return {
    code: numberIn(error, 'code'),
    subcode: numberIn(error, 'error_subcode'),
    isTransient: error.is_transient === true,
    message: textIn(error, 'message') ?? '',
  };
}

/** Seconds or a date, as RFC 9110 has it; at most an hour. */
function retryAfterOf(response: Response): number | null {
  const value = response.headers.get('retry-after');
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 3_600_000) : null;
}
