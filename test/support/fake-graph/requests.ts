import type { IncomingMessage } from 'node:http';
import type { FakeAccount } from './accounts';
import { proofOf } from './accounts';
import type { GraphCall, GraphCallKind } from './call-log';
import { type GraphError, graphError } from './graph-errors';

/** Longest text of a WhatsApp message, in characters; of an Instagram one, in UTF-8 bytes. */
export const LONGEST_TEXT = { whatsapp: 4096, instagram: 1000 } as const;

export type ReceivedRequest = Omit<GraphCall, 'number' | 'receivedAt' | 'endedAt' | 'status' | 'errorCode'>;

/** A request in parts; nothing is checked yet. */
export async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const parts = url.pathname.split('/').filter(Boolean);
  const version = /^v\d+\.\d+$/.test(parts[0] ?? '') ? (parts.shift() ?? null) : null;
  const body = parse(await read(request));
  return {
    kind: kindOf(request.method ?? 'GET', parts, body),
    method: request.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    version,
    accountId: parts[0] ?? null,
    token: /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? url.searchParams.get('access_token'),
    body,
  };
}

/** What Meta says against the caller, whatever they want. */
export function refusalOfCaller(call: ReceivedRequest, account: FakeAccount | undefined): GraphError | null {
  if (call.token === null) {
    return graphError(2500, { status: 401, message: 'An active access token must be used to query information.' });
  }
  if (!account) return graphError(190, { message: 'Invalid OAuth access token - Cannot parse access token' });
  const proof = call.query.appsecret_proof;
  if (proof !== undefined && proof !== proofOf(account)) {
    return graphError(100, { message: 'Invalid appsecret_proof provided in the API argument' });
  }
  return null;
}

/** What Meta says against a message of WhatsApp. */
export function refusalOfWhatsApp(body: Record<string, unknown>): GraphError | null {
  if (body.messaging_product !== 'whatsapp') return missing('messaging_product');
  if (body.status === 'read') {
    return /^wamid\./.test(String(body.message_id)) ? null : graphError(131009, { message: '(#131009) message_id' });
  }
  if (typeof body.to !== 'string' && typeof body.recipient !== 'string') return missing('to');
  if (typeof body.to === 'string' && body.recipient === undefined && !/^\+?[\w.]+$/.test(body.to)) {
    return graphError(131009);
  }
  if (typeof body.recipient === 'string' && !/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(body.recipient)) {
    return graphError(131009, { message: '(#131009) Parameter value is not valid: recipient' });
  }
  const data = body.biz_opaque_callback_data;
  if (data !== undefined && (typeof data !== 'string' || data.length > 512)) return graphError(100);
  if (body.type === 'template') {
    const template = (body.template ?? {}) as { name?: unknown; language?: { code?: unknown } };
    return typeof template.name === 'string' && typeof template.language?.code === 'string'
      ? null
      : missing('template');
  }
  if ((body.type ?? 'text') !== 'text') return graphError(131051);
  const text = (body.text as { body?: unknown } | undefined)?.body;
  if (typeof text !== 'string' || text.trim() === '') return missing('text.body');
  if (text.length > LONGEST_TEXT.whatsapp) {
    return graphError(100, { message: '(#100) Param text[body] must be at most 4096 characters long.' });
  }
  return null;
}

/** What Meta says against a message or an action of Instagram. */
export function refusalOfInstagram(body: Record<string, unknown>): GraphError | null {
  if (typeof (body.recipient as { id?: unknown } | undefined)?.id !== 'string') return missing('recipient');
  if (body.tag === 'HUMAN_AGENT') return graphError(100, { message: '(#100) The fake takes no HUMAN_AGENT tag.' });
  if (body.sender_action !== undefined) {
    const actions: unknown[] = ['typing_on', 'typing_off', 'mark_seen'];
    return actions.includes(body.sender_action) ? null : graphError(100);
  }
  const text = (body.message as { text?: unknown } | undefined)?.text;
  if (typeof text !== 'string' || text.trim() === '') return missing('message');
  if (Buffer.byteLength(text) > LONGEST_TEXT.instagram) {
    return graphError(100, { message: '(#100) Length of param message[text] must be less than or equal to 1000' });
  }
  return null;
}

function missing(name: string): GraphError {
  return graphError(100, { message: `(#100) The parameter ${name} is required.` });
}

function kindOf(method: string, parts: string[], body: Record<string, unknown>): GraphCallKind {
  if (method === 'POST' && parts[1] === 'messages' && parts.length === 2) {
    if (body.status === 'read') return 'read';
    return body.sender_action === undefined ? 'message' : 'action';
  }
  if (method !== 'GET') return 'other';
  if (parts[1] === 'subscribed_apps' && parts.length === 2) return 'subscription';
  if (parts[0] === 'media-host') return 'download';
  return parts.length === 1 ? 'account' : 'other';
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
