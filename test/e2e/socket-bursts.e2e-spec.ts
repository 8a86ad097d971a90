import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../support/client';
import { FakeOpenAI } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { SocketUser } from '../support/socket-user';
import { supportSession } from '../support/support-session';

describe('messages that come in a burst over a socket', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let persona: number;

  beforeAll(async () => {
    const baseUrl = await upstream.start();
    parley = await startParley({
      OPENAI_BASE_URL: baseUrl,
      OPENAI_API_KEY: 'sk-test',
      CONTEXT_SUMMARY: 'false',
      SOCKET_DEBOUNCE_MS: '3000',
      SOCKET_DEBOUNCE_MAX_MS: '30000',
    });
    persona = await (await Client.register(() => parley.url)).persona({ visibility: 'workspace' });
  });
  afterAll(async () => {
    await parley.stop();
    await upstream.stop();
  });

  it('five fragments within two seconds give one reply, and none is lost', async () => {
    const [session] = await supportSession(parley.database.url, persona);
    const { sessionId } = session!;
    const [socket, other] = [
      await SocketUser.connect(parley.url, { sessionId }),
      await SocketUser.connect(parley.url, { sessionId }),
    ];
    await socket.join({ sessionId });
    await other.join({ sessionId });
    const turns: number[] = [];
    const fragments = ['Hi', 'my order', 'number 4711', 'did not', 'arrive'];
    for (const message of fragments) {
      turns.push((await socket.ask<{ turnId: number }>('send-message', { sessionId, message })).turnId);
      // People type; that is what the test is about.
      if (message !== 'arrive') await pause(400);
    }
    await socket.until(() => socket.messages().length > 0, 'the reply');
    await other.until(() => other.seqs().length === 6, 'all of it');
    expect(socket.messages()).toMatchObject([{ seq: 6, role: 'assistant', turnId: turns[4], status: 'completed' }]);
    expect(
      other
        .messages()
        .slice(0, 5)
        .map(({ message }) => message),
    ).toEqual(fragments);
    const merged = socket.of<{ turnId: number; mergedIntoId: number }>('turn-merged');
    expect(merged.map(({ turnId }) => turnId)).toEqual(turns.slice(0, 4));
    const { requests } = upstream;
    expect(requests).toHaveLength(1);
    for (const fragment of fragments) expect(JSON.stringify(requests[0]!.body)).toContain(fragment);
    socket.close();
    other.close();
  });
});
