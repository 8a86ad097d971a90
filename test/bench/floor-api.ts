import { createServer, type IncomingMessage } from 'node:http';
import { bareBus, bareQueue, pool } from './floor-parts';

/**
 * The floor: what the same work costs with bare parts. This half takes a message, stores it, wakes the other half and waits for its word.
 * No login, no validation, no idempotency, no lease, no ledger.
 */
const waiting = new Map<string, (reply: unknown) => void>();

async function bodyOf(request: IncomingMessage): Promise<{ conversation: number; content: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as { conversation: number; content: string };
}

async function main(): Promise<void> {
  const database = pool();
  const queue = bareQueue();
  await bareBus((payload) => {
    const { id, reply } = JSON.parse(payload) as { id: string; reply: unknown };
    waiting.get(id)?.(reply);
    waiting.delete(id);
  });
  const server = createServer((request, response) => {
    void (async () => {
      const { conversation, content } = await bodyOf(request);
      const { rows } = await database.query<{ id: string }>(
        'INSERT INTO floor_messages (conversation_id, role, content) VALUES ($1, $2, $3) RETURNING id',
        [conversation, 'user', content],
      );
      const id = rows[0]!.id;
      const { promise, resolve } = Promise.withResolvers<unknown>();
      waiting.set(id, resolve);
      await queue.add('turn', { conversation, id }, { removeOnComplete: true });
      const reply = await promise;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ user_message: { id, content }, assistant_message: reply }));
    })();
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
}

process.once('disconnect', () => process.exit(0));
void main();
