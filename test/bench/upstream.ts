import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ResponsesWire } from '../support/fake-openai/wire';

/**
 * A model that costs next to nothing: `POST /v1/responses` streams always the same answer. The path picks the pace:
 * `/instant/…` sends everything at once, `/paced/…` takes 300 ms to the first token and then sends 40 tokens over 1 s.
 */
const PACES = {
  instant: { tokens: 20, firstMs: 0, perTokenMs: 0 },
  paced: { tokens: 40, firstMs: 300, perTokenMs: 25 },
};

function framesOf(tokens: number): { start: string; pieces: string[]; end: string } {
  const pieces = Array.from({ length: tokens }, (_, index) => `token${index} `);
  const usage = { input: 50, cached: 0, cacheWrite: 0, output: tokens, reasoning: 0 };
  const facts = {
    model: 'gpt-6-luna',
    text: pieces.join(''),
    as: 'text',
    finish: 'stop',
    usage,
    includeUsage: true,
  } as const;
  const wire = new ResponsesWire(facts);
  return { start: wire.start(), pieces: pieces.map((piece) => wire.piece(piece)), end: wire.end() };
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
    response.write(piece);
    await pause(perTokenMs);
  }
  response.end(frames.end);
}

const server = createServer((request, response) => {
  const pace = request.url?.startsWith('/paced/') === true ? 'paced' : 'instant';
  request.resume();
  request.once('end', () => void answer(response, pace));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
process.once('disconnect', () => process.exit(0));
