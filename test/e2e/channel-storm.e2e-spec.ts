import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import { inconsistencies } from '../support/consistency';
import { aPerson, aWamid, type FakePerson, type Json, sendHook, whatsAppText } from '../support/fake-graph';
import { eventually } from '../support/process';

const PEOPLE = 20;
const MESSAGES_EACH = 5;
const TIMES = 5;
/** Requests that are on their way at the same time. */
const AT_ONCE = 25;
const DEADLINE_MS = 240_000;

interface Hook {
  channel: OpenChannel;
  person: FakePerson;
  externalId: string;
  text: string;
  body: Json;
  /** When it was sent first, and when one of its deliveries was acknowledged first. */
  sentAt: number;
  acknowledgedAt: number;
}

/** The same order for the same seed. */
function shuffled<T>(items: readonly T[], seed = 7): T[] {
  const mixed = [...items];
  let state = seed;
  for (let index = mixed.length - 1; index > 0; index -= 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = state % (index + 1);
    [mixed[index], mixed[other]] = [mixed[other]!, mixed[index]!];
  }
  return mixed;
}

describe('a storm of webhooks', () => {
  const fleet = new ChannelFleet();

  beforeAll(() => fleet.start());
  afterAll(async () => {
    const broken = await inconsistencies(fleet.sql);
    await fleet.stop();
    expect(broken).toEqual([]);
  });

  const hooksOf = (channel: OpenChannel, person: FakePerson, name: string): Hook[] =>
    Array.from({ length: MESSAGES_EACH }, (_, index) => {
      const externalId = aWamid();
      const text = `${name}, message ${index}`;
      return {
        channel,
        person,
        externalId,
        text,
        body: whatsAppText(channel.account, person, text, { id: externalId }),
        sentAt: Infinity,
        acknowledgedAt: Infinity,
      };
    });
  /** Everything is sent to the two apis in turn, as fast as `AT_ONCE` senders can. */
  const storm = async (deliveries: readonly Hook[], urls: readonly string[]): Promise<number[]> => {
    const statuses: number[] = [];
    let next = 0;
    const sender = async (): Promise<void> => {
      for (let index = next++; index < deliveries.length; index = next++) {
        const hook = deliveries[index]!;
        const { channel, body } = hook;
        const url = `${urls[index % urls.length]!}/webhooks/whatsapp`;
        const send = async (): Promise<number> =>
          (await sendHook(url, body, { secret: channel.account.appSecret })).status;
        hook.sentAt = Math.min(hook.sentAt, performance.now());
        let status = await send();
        // Meta sends again what an overloaded server turns away.
        for (let again = 0; status === 503 && again < 10; again += 1) status = await send();
        hook.acknowledgedAt = Math.min(hook.acknowledgedAt, performance.now());
        statuses.push(status);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
    return statuses;
  };
  const storedOf = async ({ externalId }: Hook): Promise<number> => {
    const { rows } = await fleet.sql.query<{ seq: number }>(
      'SELECT m.seq FROM channel_inbox i JOIN messages m ON m.id = i.message_id WHERE i.external_id = $1',
      [externalId],
    );
    return rows[0]?.seq ?? -1;
  };

  it(
    'each five times, in parallel and shuffled, over two apis, with a worker killed: each is one message in its order, with one reply, sent once, from its number',
    async () => {
      const { graph, parley } = fleet;
      const urls = [parley.url];
      await parley.startApi();
      urls.push(parley.url);
      const [first] = [parley.worker];
      await parley.startWorker();
      graph.hookUrls = [`${urls[0]!}/webhooks/whatsapp`];
      graph.autoStatuses = ['sent', 'delivered'];
      const channels = [await fleet.open(), await fleet.open()];
      const people = Array.from({ length: PEOPLE }, () => aPerson());
      const hooks = people.flatMap((person, index) => hooksOf(channels[index % 2]!, person, `Person ${index}`));
      expect(hooks).toHaveLength(100);
      const raining = storm(shuffled(Array.from({ length: TIMES }, () => hooks).flat()), urls);
      await graph.waitForMessages(20, DEADLINE_MS);
      await first.kill();
      await parley.startWorker();
      expect(new Set(await raining)).toEqual(new Set([200]));
      await graph.waitForMessages(hooks.length, DEADLINE_MS);
      await eventually(
        async () => {
          const { rows } = await fleet.sql.query(
            `SELECT 1 FROM channel_inbox WHERE status = 'pending' AND kind = 'message'
             UNION ALL SELECT 1 FROM channel_outbox WHERE status IN ('pending', 'sending')
             UNION ALL SELECT 1 FROM channel_threads WHERE carry_since IS NOT NULL LIMIT 1`,
          );
          return rows.length === 0 ? true : undefined;
        },
        'nothing to wait',
        DEADLINE_MS,
      );
      let orderedPairs = 0;
      for (const person of people) {
        const own = hooks.filter((hook) => hook.person === person);
        const places = new Map<Hook, number>();
        for (const hook of own) places.set(hook, await storedOf(hook));
        expect(Math.min(...places.values())).toBeGreaterThan(0);
        const stored = [...own].sort((a, b) => places.get(a)! - places.get(b)!);
        const sent = graph.messagesTo(person.phone!);
        expect(sent.map(({ text }) => text)).toEqual(stored.map(({ text }) => `You said: ${text}`));
        expect(new Set(sent.map(({ accountId }) => accountId))).toEqual(new Set([own[0]!.channel.account.id]));
        // Two that are on their way at the same time arrive in any order.
        for (const [earlier, later] of own.flatMap((a) => own.map((b) => [a, b] as const))) {
          if (earlier.acknowledgedAt >= later.sentAt) continue;
          orderedPairs += 1;
          expect([earlier.text, places.get(earlier)! < places.get(later)!, later.text]).toEqual([
            earlier.text,
            true,
            later.text,
          ]);
        }
      }
      expect(orderedPairs).toBeGreaterThan(PEOPLE);
      expect(graph.messages).toHaveLength(hooks.length);
      const { rows } = await fleet.sql.query<{ messages: number; conversations: number }>(
        `SELECT count(*) FILTER (WHERE m.role = 'user') AS messages, count(DISTINCT m.conversation_id) AS conversations
         FROM messages m JOIN channel_threads t ON t.conversation_id = m.conversation_id`,
      );
      expect(rows[0]).toEqual({ messages: 100, conversations: 20 });
    },
    DEADLINE_MS * 2,
  );
});
