import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ResponsesWire } from '../support/fake-openai/wire';

/**
 * A model that costs next to nothing: `POST /v1/responses` streams always the same answer. The path picks the pace:
 * `/instant/…` sends everything at once, `/paced/…` takes 300 ms to the first token and then sends 40 tokens over 1 s; `/stamped/…` sends 200
 * tokens over 8 s, each of which is the time at which it was sent; `/slow/…` is silent for 20 s and then sends everything.
 */
const PACES = {
  instant: { tokens: 20, firstMs: 0, perTokenMs: 0 },
  paced: { tokens: 40, firstMs: 300, perTokenMs: 25 },
  slow: { tokens: 20, firstMs: 20_000, perTokenMs: 0 },
  stamped: { tokens: 200, firstMs: 300, perTokenMs: 40 },
};

/** Milliseconds since 1970 with three decimals: all processes of one machine share it. */
const stamp = (): string => `@${(performance.timeOrigin + performance.now()).toFixed(3)} `;

interface Frames {
  start: string;
  pieces: string[];
  stamped: () => string;
  end: string;
}

function framesOf(tokens: number): Frames {
  const pieces = Array.from({ length: tokens }, (_, index) => `token${index} `);
  const usage = { input: 50, cached: 0, cacheWrite: 0, output: tokens, reasoning: 0 };
  const facts = {
    model: 'gpt-6-luna',
    text: pieces.join(''),
    as: 'text',
    finish: 'stop',
    usage,
    includeUsage: true,
    tier: { asked: 'auto', served: 'default' },
  } as const;
  const wire = new ResponsesWire(facts);
  return {
    start: wire.start(),
    pieces: pieces.map((piece) => wire.piece(piece)),
    stamped: () => wire.piece(stamp()),
    end: wire.end(),
  };
}

async function answer(response: ServerResponse, pace: keyof typeof PACES): Promise<void> {
  const { tokens, firstMs, perTokenMs } = PACES[pace];
  const frames = framesOf(tokens);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (firstMs === 0) {
    response.end(frames.start + frames.pieces.join('') + frames.end);
    return;
  }
  await pause(firstMs);
  response.write(frames.start);
  for (const piece of frames.pieces) {
    response.write(pace === 'stamped' ? frames.stamped() : piece);
    await pause(perTokenMs);
  }
  response.end(frames.end);
}

const server = createServer((request, response) => {
  const pace = (['paced', 'stamped'] as const).find((name) => request.url?.startsWith(`/${name}/`)) ?? 'instant';
  request.resume();
  request.once('end', () => void answer(response, pace));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
process.once('disconnect', () => process.exit(0));
