import type { Problem } from '../support/client';
import { inconsistencies } from '../support/consistency';
import type { Agent } from '../support/team';
import { TeamWorld } from '../support/team-world';

interface Said {
  message_id: number;
  seq: number;
}

const AT_ONCE = 20;

describe('replies of agents with an Idempotency-Key', () => {
  let world: TeamWorld;

  beforeAll(async () => {
    world = await TeamWorld.start();
  });
  afterEach(() => world.closeSockets());
  afterAll(async () => {
    const broken = await inconsistencies(world.sql);
    await world.stop();
    expect(broken).toEqual([]);
  });

  const reply = <T = Said>(agent: Agent, id: number, content: string, key: string, url = world.parley.url) =>
    agent.client
      .at(() => url)
      .request<T>('POST', `/escalations/${id}/replies`, { content }, { 'idempotency-key': key });

  it('many at once with one key, at two processes: one message, told once, and all get the same answer', async () => {
    const { dana } = world;
    const { customer, id } = await world.escalated();
    await dana.act(id, 'claim');
    const before = customer.messages().length;
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) =>
        reply(dana, id, 'Hello, I am Dana.', 'first', n % 2 === 0 ? world.parley.url : world.second.url),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill(201));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    // Told in their order: what comes after has been heard, so everything before has.
    const later = await reply(dana, id, 'Hello, I am Dana.', 'second');
    await customer.until(() => customer.seqs().includes(later.body.seq));
    expect(
      customer
        .messages()
        .slice(before)
        .map(({ role, seq }) => [role, seq]),
    ).toEqual([
      ['agent', 4],
      ['agent', 5],
    ]);
    expect((await dana.get(id)).history.map(({ kind }) => kind)).toEqual(['created', 'claimed', 'replied']);
    expect((await dana.messages(id)).filter((message) => message.startsWith('agent'))).toHaveLength(2);
  });

  it('a key stands for one content of one person in one conversation, and for one message also when it is over', async () => {
    const { dana, kim } = world;
    const { id } = await world.escalated();
    expect((await reply<Problem>(dana, id, 'Too early', 'k')).body.code).toBe('ESCALATION.NOT_YOURS');
    await dana.act(id, 'claim');
    const first = await reply(dana, id, 'Hello.', 'k');
    expect(await reply<Problem>(dana, id, 'Good bye.', 'k')).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY.MISMATCH', errors: [{ field: 'Idempotency-Key' }] },
    });
    // Somebody else's key tells nothing.
    expect((await reply<Problem>(kim, id, 'Hello.', 'k')).body.code).toBe('ESCALATION.NOT_YOURS');
    const other = await world.escalated();
    await dana.act(other.id, 'claim');
    const elsewhere = await reply(dana, other.id, 'Hello.', 'k');
    expect(elsewhere.body.message_id).not.toBe(first.body.message_id);
    await dana.act(id, 'transfer', { user_id: kim.client.userId });
    expect(await reply(dana, id, 'Hello.', 'k')).toMatchObject({ status: 201, body: first.body });
    await kim.act(id, 'resolve');
    expect(await reply(dana, id, 'Hello.', 'k')).toMatchObject({ status: 201, body: first.body });
    expect((await reply<Problem>(dana, id, 'Hello.', 'new')).body.code).toBe('ESCALATION.STATE');
    expect((await dana.messages(id)).filter((message) => message === 'agent: Hello.')).toHaveLength(1);
  });

  it.each(['', ' ', 'a b', 'é', 'x'.repeat(256)])('a key that is none is refused: %j', async (key) => {
    const { dana } = world;
    const [escalation] = await dana.list('&limit=1');
    // What fetch would not even send is sent as it would arrive.
    const sent = Buffer.from(key, 'utf8').toString('latin1');
    expect(await reply<Problem>(dana, escalation!.id, 'Hello.', sent)).toMatchObject({
      status: 422,
      body: { code: 'REQUEST.INVALID', errors: [{ field: 'Idempotency-Key' }] },
    });
  });
});
