import { FakeOpenAIProcess } from '../support/fake-openai';
import { Client } from '../support/client';
import { type Parley, startParley } from '../support/parley';
import { SocketUser } from '../support/socket-user';
import { supportSession } from '../support/support-session';
import { Inspector } from './inspector';
import { assertRoomFor, Crowd, percentile } from './sockets/crowd';
import { BareSocketServer, INSPECTED, residentKiB } from './sockets/measured-process';
import type { Outcome } from './sockets/protocol';

/** `npm run test:load` asks for 5,000. */
const SOCKETS = Number(process.env.LOAD_SOCKETS ?? 500);
const IS_SHORT = SOCKETS < 5_000;
/** So many come back at once. */
const STRUCK = Math.min(SOCKETS, IS_SHORT ? 200 : 2_000);
/** Sockets that come and go before anything is measured: code is compiled and pools are filled. */
const WARM_UP = Math.ceil(SOCKETS / 25);
/** Sockets that open, or join, at a time. */
const IN_FLIGHT = 64;
/** Sessions in which something is said while everybody is away. */
const TALKING = 20;

/** With few sockets the noise of the memory is larger than they are, and the machine of `npm test` is busy with other tests. */
const BOUNDS = IS_SHORT
  ? { kibPerSocket: 200, joinsPerSecond: 50, syncP99Ms: 10_000 }
  : { kibPerSocket: 60, joinsPerSecond: 600, syncP99Ms: 2_000 };

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const ms = (value: number): string => `${value.toFixed(0)} ms`;

describe(`${SOCKETS} idle sockets at one api process`, () => {
  let upstream: FakeOpenAIProcess;
  let parley: Parley;
  let inspector: Inspector;
  let crowd: Crowd;
  let sessionIds: string[];

  beforeAll(async () => {
    assertRoomFor(SOCKETS);
    upstream = await FakeOpenAIProcess.start();
    parley = await startParley({
      OPENAI_BASE_URL: upstream.baseUrl,
      OPENAI_API_KEY: 'sk-test',
      MAX_SOCKETS_PER_IP: '100000',
      SOCKET_DEBOUNCE_MS: '0',
      ...INSPECTED,
    });
    inspector = await Inspector.attach(parley.api.log);
    const owner = await Client.register(() => parley.url);
    const personaId = await owner.persona({ visibility: 'workspace' });
    const sessions = await supportSession(parley.database.url, personaId, SOCKETS);
    sessionIds = sessions.map(({ sessionId }) => sessionId);
    crowd = Crowd.start(SOCKETS);
  });
  afterAll(async () => {
    inspector.close();
    await crowd.stop();
    await parley.stop();
    await upstream.stop();
  });

  /** Connects all and joins all. @returns KiB of resident memory per socket, connected and joined, and how long it took */
  async function measure(
    url: string,
    of: Inspector,
  ): Promise<{ connectedKiB: number; joinedKiB: number; connectMs: number; joinMs: number; failures: string[] }> {
    await crowd.connect(url, sessionIds.slice(0, WARM_UP), IN_FLIGHT);
    await crowd.join(IN_FLIGHT);
    await crowd.close();
    const before = await residentKiB(of);
    const timed = async (work: Promise<Outcome>): Promise<[number, Outcome]> => {
      const since = performance.now();
      const outcome = await work;
      return [performance.now() - since, outcome];
    };
    const [connectMs, connecting] = await timed(crowd.connect(url, sessionIds, IN_FLIGHT));
    const connected = await residentKiB(of);
    const [joinMs, joining] = await timed(crowd.join(IN_FLIGHT));
    const joined = await residentKiB(of);
    const failures = [...connecting.failures, ...joining.failures];
    return {
      connectedKiB: (connected - before) / SOCKETS,
      joinedKiB: (joined - before) / SOCKETS,
      connectMs,
      joinMs,
      failures,
    };
  }

  it('each takes little memory, beside a bare Socket.IO server, and they join fast', async () => {
    const bare = await BareSocketServer.start();
    const ofBare = await measure(bare.url, bare.inspector);
    await crowd.close();
    await bare.stop();
    const ours = await measure(parley.url, inspector);
    const joinsPerSecond = SOCKETS / (ours.joinMs / 1000);
    for (const [name, { connectedKiB, joinedKiB, connectMs, joinMs }] of [
      ['bare Socket.IO', ofBare],
      ['parley', ours],
    ] as const) {
      say(
        `  ${name.padEnd(15)} ${connectedKiB.toFixed(1)} KiB per connected socket, ${joinedKiB.toFixed(1)} when it has joined; ` +
          `${(SOCKETS / (connectMs / 1000)).toFixed(0)} connections and ${(SOCKETS / (joinMs / 1000)).toFixed(0)} joins per second`,
      );
    }
    expect([...ofBare.failures, ...ours.failures]).toEqual([]);
    expect(ours.joinedKiB).toBeLessThanOrEqual(BOUNDS.kibPerSocket);
    expect(joinsPerSecond).toBeGreaterThanOrEqual(BOUNDS.joinsPerSecond);
  }, 600_000);

  it(`${STRUCK} that come back at once get what they missed in time`, async () => {
    const talking = sessionIds.slice(0, TALKING);
    for (const sessionId of talking) {
      const visitor = await SocketUser.connect(parley.url, { sessionId });
      try {
        await visitor.join({ sessionId });
        await visitor.ask('send-message', { sessionId, message: 'Is anybody there?' });
        await visitor.until(() => visitor.messages().length === 1, 'the answer');
      } finally {
        visitor.close();
      }
    }
    const since = performance.now();
    const { syncMs, backMs, connectMs, joinMs, synced, failures } = await crowd.storm(STRUCK);
    const tookMs = performance.now() - since;
    const [p50, p99] = [percentile(syncMs, 0.5), percentile(syncMs, 0.99)];
    say(
      `  ${backMs.length} came back in ${ms(tookMs)}: sync p50 ${ms(p50)}, p99 ${ms(p99)}; handshake p99 ${ms(percentile(connectMs, 0.99))}, ` +
        `join p99 ${ms(percentile(joinMs, 0.99))}; from the break to the last message p50 ${ms(percentile(backMs, 0.5))}, p99 ${ms(percentile(backMs, 0.99))}`,
    );
    expect(failures).toEqual([]);
    expect(syncMs.length).toBeGreaterThanOrEqual(STRUCK);
    const struck = talking.filter((sessionId) => sessionId in synced);
    expect(struck.length).toBeGreaterThan(0);
    expect(new Set(Object.values(synced))).toEqual(new Set([2]));
    expect(p99).toBeLessThanOrEqual(BOUNDS.syncP99Ms);
  }, 300_000);
});
