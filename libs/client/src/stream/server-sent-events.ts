import { ParleyError } from '../http/parley-error.js';

/** A server-sent event as it came (WHATWG HTML, section 9.2.6). */
export interface ServerSentEvent {
  id: string | undefined;
  event: string;
  data: string;
}

/** The backend sends a comment every 15 s, so a connection that is silent for this long is dead. */
const SILENCE_MS = 45_000;

/**
 * Reads events until the connection ends.
 * @throws ParleyError `CLIENT.SILENT`, or whatever the connection broke with
 */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read());
      // What has no empty line behind it was cut off and does not count.
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      // A carriage return at the very end may be half of a line break.
      const text = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
      const blocks = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n\n');
      rest = blocks.pop()! + rest.slice(text.length);
      for (const block of blocks) {
        const event = parse(block);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parse(block: string): ServerSentEvent | undefined {
  const data: string[] = [];
  let id: string | undefined;
  let event = 'message';
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') data.push(value);
    if (name === 'event') event = value;
    if (name === 'id') id = value;
  }
  return data.length === 0 ? undefined : { id, event, data: data.join('\n') };
}

function inTime<T>(reading: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new ParleyError({ code: 'CLIENT.SILENT', detail: `Nothing came for ${SILENCE_MS} ms.` })),
      SILENCE_MS,
    );
  });
  return Promise.race([reading, silence]).finally(() => clearTimeout(timer));
}
