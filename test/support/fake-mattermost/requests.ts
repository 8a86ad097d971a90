import type { IncomingMessage } from 'node:http';

/** A request in parts; nothing is checked yet. */
export interface ReceivedRequest {
  method: string;
  /** Without query and sub-path. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  raw: Buffer;
  /** JSON, or null. */
  body: unknown;
  token: string | null;
}

export async function receive(request: IncomingMessage, subPath: string): Promise<ReceivedRequest> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const raw = await read(request);
  return {
    method: request.method ?? 'GET',
    path: url.pathname.startsWith(subPath) ? url.pathname.slice(subPath.length) : `/outside${url.pathname}`,
    query: url.searchParams,
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    raw,
    body: parse(raw),
    token: /^(?:Bearer|Token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null,
  };
}

/** For the log: what is secret is not shown, only that there was something. */
export function withoutSecrets(headers: Record<string, string>): Record<string, string> {
  const shown = { ...headers };
  if (shown.authorization !== undefined) shown.authorization = `${shown.authorization.split(' ')[0]} ***`;
  if (shown.cookie !== undefined) shown.cookie = '***';
  return shown;
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return null;
  }
}
