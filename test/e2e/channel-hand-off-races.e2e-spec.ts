import { setTimeout as pause } from 'node:timers/promises';
import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import { aPerson, type FakePerson } from '../support/fake-graph';
import { scenarios } from '../support/fake-openai';
import { eventually } from '../support/process';
import { Agent } from '../support/team';

const CLAIMS = 100;
const AT_ONCE = 5;
/** An answer takes about 100 ms to write and 300 ms to send in three parts; claims come from before its first word to after its last part. */
const LONGEST_PAUSE_MS = 800;
const TOKEN_MS = 20;
const SEND_MS = 80;
const PART = `${'word '.repeat(780)}\n\n`;

interface Claim {
  person: FakePerson;
  /** By the same clock as the fake's. */
  answeredAt: number;
}

describe('a person claims while an answer is on its way to WhatsApp', () => {
  const fleet = new ChannelFleet();
  const { graph } = fleet;
  let channel: OpenChannel;
  let agent: Agent;

  beforeAll(async () => {
    await fleet.start({ WORKER_CONCURRENCY: '20', CONTEXT_SUMMARY: 'false' });
    await fleet.parley.startWorker();
    channel = await fleet.open();
    const { body } = await channel.owner.request<{ workspace_id: number }>('GET', `/channels/${channel.id}`);
    agent = new Agent(channel.owner, body.workspace_id);
  });
  afterAll(() => fleet.stop());

  const conversationOf = ({ phone, scopedId }: FakePerson): Promise<number> =>
    eventually(
      async () => {
        const { rows } = await fleet.sql.query<{ id: string }>(
          `SELECT t.conversation_id AS id FROM channel_threads t JOIN channel_identities i ON i.id = t.identity_id
           JOIN messages m ON m.conversation_id = t.conversation_id AND m.role = 'user' WHERE t.channel_id = $1 AND (i.phone = $2 OR i.external_id = $3)`,
          [channel.id, phone, scopedId],
        );
        return rows[0] === undefined ? undefined : Number(rows[0].id);
      },
      'their conversation',
      40_000,
    );

  const claimOnce = async (): Promise<Claim> => {
    const person = aPerson();
    expect((await fleet.say(channel, person, 'first')).status).toBe(200);
    const conversationId = await conversationOf(person);
    const asked = await channel.owner.request<{ id: number }>('POST', '/escalations', {
      conversation_id: conversationId,
    });
    expect(asked.status).toBe(201);
    await pause(Math.random() * LONGEST_PAUSE_MS);
    const [claimed] = await Promise.all([
      agent.act(asked.body.id, 'claim').then((answer) => ({ ...answer, answeredAt: Date.now() })),
      fleet.say(channel, person, 'second'),
    ]);
    expect(claimed).toMatchObject({ status: 200, body: { status: 'claimed', owner: 'human' } });
    expect((await agent.act(asked.body.id, 'replies', { content: 'I am here.' })).status).toBe(201);
    return { person, answeredAt: claimed.answeredAt };
  };

  it(`${CLAIMS} times at random moments: nothing of a model arrives once the claim is answered, what the agent says does`, async () => {
    graph.always({ type: 'delay', delayMs: SEND_MS });
    fleet.upstream.always(
      scenarios.reply(undefined, { pieces: [PART, PART, PART], firstTokenDelayMs: TOKEN_MS, tokenDelayMs: TOKEN_MS }),
    );
    const claims: Claim[] = [];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (claims.length < CLAIMS) claims.push(await claimOnce());
      }),
    );
    await fleet.quiet();
    await eventually(
      async () => {
        const { rows } = await fleet.sql.query(
          `SELECT 1 FROM channel_outbox WHERE status IN ('pending', 'sending') UNION ALL SELECT 1 FROM channel_threads WHERE carry_since IS NOT NULL`,
        );
        return rows.length === 0 ? true : undefined;
      },
      'nothing to wait in the outbox',
      60_000,
    );
    const late = claims.flatMap(({ person, answeredAt }) =>
      graph.messages.filter(({ to, text, at }) => to === person.phone && text.startsWith('word') && at > answeredAt),
    );
    expect(late).toEqual([]);
    for (const { person } of claims) {
      const texts = graph.messagesTo(person.phone!).map(({ text }) => text);
      expect(texts.filter((text) => text === 'I am here.')).toHaveLength(1);
      expect(texts.filter((text) => text.startsWith('word')).length).toBeLessThanOrEqual(3);
    }
    const { rows } = await fleet.sql.query<{ whole: string; cut: string; unsent: string }>(
      `SELECT count(*) FILTER (WHERE sent = 3) AS whole, count(*) FILTER (WHERE sent IN (1, 2)) AS cut, count(*) FILTER (WHERE sent = 0) AS unsent FROM (
         SELECT count(o.id) FILTER (WHERE o.author = 'assistant' AND o.status = 'sent') AS sent
         FROM channel_threads t LEFT JOIN channel_outbox o ON o.conversation_id = t.conversation_id GROUP BY t.conversation_id) AS answers`,
    );
    // All of it happened: answers that had arrived, that were cut short, and that were never sent.
    for (const count of Object.values(rows[0]!)) expect(Number(count)).toBeGreaterThan(0);
  }, 300_000);
});
