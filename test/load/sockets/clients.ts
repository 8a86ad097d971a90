// A process with many sockets of the plain socket.io-client; it is told what to do by its parent.
import { io, type Socket } from 'socket.io-client';
import type { Command, Outcome } from './protocol';

const ANSWER_MS = 60_000;
const MAX_FAILURES = 5;

const sockets: { socket: Socket; sessionId: string }[] = [];

const nothing = (): Outcome => ({ connectMs: [], joinMs: [], syncMs: [], backMs: [], synced: {}, failures: [] });

async function connected(socket: Socket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
    socket.connect();
  });
}

async function ask<T>(socket: Socket, event: string, payload: object): Promise<T> {
  const answer = (await socket.timeout(ANSWER_MS).emitWithAck(event, payload)) as T & { ok: boolean };
  if (!answer.ok) throw new Error(`${event} was answered ${JSON.stringify(answer)}`);
  return answer;
}

/** Does `work` for all, `inFlight` at a time. */
async function forAll<T>(
  items: T[],
  inFlight: number,
  outcome: Outcome,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < items.length) {
      await work(items[next++]!).catch((error: unknown) => {
        if (outcome.failures.length < MAX_FAILURES) outcome.failures.push(String(error));
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, items.length) }, one));
}

/** Without a goodbye, as when a phone enters a tunnel. */
function cut(socket: Socket): Promise<void> {
  const gone = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()));
  (socket.io.engine.transport as unknown as { ws: { terminate(): void } }).ws.terminate();
  return gone;
}

async function comeBack({ socket, sessionId }: (typeof sockets)[number], outcome: Outcome): Promise<void> {
  const since = performance.now();
  await connected(socket);
  outcome.connectMs.push(performance.now() - since);
  const joining = performance.now();
  // Nothing that came before 0; `sync` is to bring it.
  await ask(socket, 'join-chat', { sessionId, lastSeq: 1_000_000 });
  const syncing = performance.now();
  outcome.joinMs.push(syncing - joining);
  const { messages } = await ask<{ messages: object[] }>(socket, 'sync', { sessionId, lastSeq: 0 });
  outcome.syncMs.push(performance.now() - syncing);
  outcome.backMs.push(performance.now() - since);
  if (messages.length > 0) outcome.synced[sessionId] = messages.length;
}

async function obey(command: Command): Promise<Outcome> {
  const outcome = nothing();
  switch (command.type) {
    case 'connect':
      await forAll(command.sessionIds, command.inFlight, outcome, async (sessionId) => {
        const options = {
          transports: ['websocket'],
          forceNew: true,
          reconnection: false,
          autoConnect: false,
          timeout: ANSWER_MS,
        };
        const socket = io(command.url, { ...options, auth: { sessionId } });
        const since = performance.now();
        await connected(socket);
        outcome.connectMs.push(performance.now() - since);
        sockets.push({ socket, sessionId });
      });
      break;
    case 'join':
      await forAll(sockets, command.inFlight, outcome, async ({ socket, sessionId }) => {
        const since = performance.now();
        await ask(socket, 'join-chat', { sessionId });
        outcome.joinMs.push(performance.now() - since);
      });
      break;
    case 'storm': {
      const struck = sockets.slice(0, command.count);
      await Promise.all(struck.map(({ socket }) => cut(socket)));
      await forAll(struck, struck.length, outcome, (each) => comeBack(each, outcome));
      break;
    }
    case 'close':
      for (const { socket } of sockets.splice(0)) socket.close();
  }
  return outcome;
}

process.on('message', (command: Command) => {
  void obey(command).then((outcome) => process.send?.(outcome));
});
