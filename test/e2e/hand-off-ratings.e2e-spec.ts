import { Client, type Problem } from '../support/client';
import { SocketUser } from '../support/socket-user';
import { SupportWorld } from '../support/support-world';
import { Agent } from '../support/team';
import type { Visitor } from '../support/visitor';

interface Rating {
  asked: boolean;
  rating: number | null;
  comment: string | null;
}

const ENDED = 'Our team has closed this case. If you need anything else, just write here.';
const QUESTION = 'How was it? Please rate us from 1 (poor) to 5 (very good).';

describe('customers are asked how it was', () => {
  let world: SupportWorld;
  let dana: Agent;

  beforeAll(async () => {
    world = await SupportWorld.start();
    ({ dana } = world);
  });
  afterAll(() => world.stop());

  /** A person of the team talks with them, and ends it. */
  const helped = async (text?: string): Promise<{ visitor: Visitor; id: number }> => {
    const begun = await world.escalated(text);
    for (const [action, body] of [['claim'], ['replies', { content: 'Done.' }], ['resolve']] as const) {
      expect((await dana.act(begun.id, action, body)).status).toBeLessThan(300);
    }
    return begun;
  };
  const ratingOf = (visitor: Visitor, id = visitor.sessionId) =>
    visitor.request<Rating>('GET', `/session/${id}/rating`);
  const rate = <T = Rating>(visitor: Visitor, body: unknown, id = visitor.sessionId) =>
    visitor.request<T>('PUT', `/session/${id}/rating`, body);
  const codeOf = async (answer: Promise<{ status: number; body: Problem }>): Promise<unknown[]> => {
    const { status, body } = await answer;
    return [status, body.code];
  };
  const said = async (visitor: Visitor): Promise<string[]> =>
    (await visitor.history()).body.messages.map(({ role, content }) => `${role}: ${content}`);

  it('over the support door and over sockets, when a person has ended it and not before; the answer is stored and the team reads it', async () => {
    await dana.rules({ csat: true });
    const { visitor, id } = await world.escalated();
    const socket = await SocketUser.connect(world.parley.url, { sessionId: visitor.sessionId });
    await socket.join({});
    await dana.act(id, 'claim');
    await dana.act(id, 'replies', { content: 'I have sent it.' });
    expect((await ratingOf(visitor)).body).toEqual({ asked: false, rating: null, comment: null });
    expect(await codeOf(rate<Problem>(visitor, { rating: 5 }))).toEqual([409, 'ESCALATION.NOT_ASKED']);

    await dana.act(id, 'resolve');
    expect((await said(visitor)).slice(-3)).toEqual([
      'agent: I have sent it.',
      `system: ${ENDED}`,
      `system: ${QUESTION}`,
    ]);
    await socket.until(() => socket.messages().length >= 3);
    expect(socket.messages().map(({ role, message }) => `${role}: ${message}`)).toEqual([
      'agent: I have sent it.',
      `system: ${ENDED}`,
      `system: ${QUESTION}`,
    ]);
    socket.close();
    expect((await ratingOf(visitor)).body).toEqual({ asked: true, rating: null, comment: null });
    for (const bad of [{}, { rating: 0 }, { rating: 6 }, { rating: 4.5 }, { rating: '4' }, { rating: 4, stars: 1 }]) {
      expect([bad, (await rate(visitor, bad)).status]).toEqual([bad, 422]);
    }
    const stored = await rate(visitor, { rating: 4, comment: 'Quick, thanks.' });
    expect(stored).toMatchObject({ status: 200, body: { asked: true, rating: 4, comment: 'Quick, thanks.' } });
    expect((await ratingOf(visitor)).body).toEqual(stored.body);
    const seen = await dana.get(id);
    expect(seen).toMatchObject({ csat_rating: 4, csat_comment: 'Quick, thanks.', status: 'resolved' });
    expect(seen.history.map(({ kind, actor_id: actor }) => [kind, actor]).slice(-2)).toEqual([
      ['resolved', dana.client.userId],
      ['rated', null],
    ]);
    expect((await dana.list('&status=resolved')).find((each) => each.id === id)?.csat_rating).toBe(4);
    const { rows } = await world.sql.query<{ comment: string }>(
      'SELECT csat_comment AS comment FROM escalations WHERE id = $1',
      [id],
    );
    expect(rows[0]!.comment).toMatch(/^enc:/);
  });

  it('a second answer replaces the first, also when the session is over', async () => {
    const { visitor, id } = await helped();
    await rate(visitor, { rating: 1, comment: 'Too slow!' });
    expect((await visitor.request('POST', `/session/${visitor.sessionId}/end`)).status).toBe(200);
    expect((await rate(visitor, { rating: 5 })).body).toEqual({ asked: true, rating: 5, comment: null });
    expect(await dana.get(id)).toMatchObject({ csat_rating: 5, csat_comment: null });
  });

  it('two answers at once leave one of the two, whole', async () => {
    const { visitor, id } = await helped();
    const both = await Promise.all([
      rate(visitor, { rating: 1, comment: 'one' }),
      rate(visitor, { rating: 2, comment: 'two' }),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    const { csat_rating: rating, csat_comment: comment } = await dana.get(id);
    expect([
      [1, 'one'],
      [2, 'two'],
    ]).toContainEqual([rating, comment]);
  });

  it('nobody else answers: not another visitor, not whoever guesses, not the team', async () => {
    const { visitor, id } = await helped();
    const stranger = await world.visitor();
    expect((await ratingOf(stranger)).body.asked).toBe(false);
    expect(await codeOf(rate<Problem>(stranger, { rating: 1 }))).toEqual([409, 'ESCALATION.NOT_ASKED']);
    const guessed = visitor.sessionId.slice(0, -4) + 'AAAA';
    expect(await codeOf(rate<Problem>(stranger, { rating: 1 }, guessed))).toEqual([404, 'SESSION.NOT_FOUND']);
    const { conversation_id: conversation } = await dana.get(id);
    for (const client of [dana.client, await Client.register(() => world.parley.url)]) {
      for (const method of ['GET', 'PUT']) {
        const body = method === 'PUT' ? { rating: 1 } : undefined;
        const answer = await client.request<Problem>(method, `/chat/conversations/${conversation}/rating`, body);
        expect([method, answer.status]).toEqual([method, 403]);
      }
    }
    expect((await dana.get(id)).csat_rating).toBeNull();
  });

  it('in the language of the customer', async () => {
    const { visitor } = await helped('Das ist dringend, ich möchte bitte mein Geld zurück');
    expect((await said(visitor)).at(-1)).toBe(
      'system: Wie war es? Bitte bewerten Sie uns von 1 (schlecht) bis 5 (sehr gut).',
    );
  });

  it('is not asked when it goes back to the AI, nor where the rules do not say so', async () => {
    const returned = await world.escalated();
    await dana.act(returned.id, 'claim');
    await dana.act(returned.id, 'return');
    expect((await said(returned.visitor)).at(-1)).toBe('system: The AI assistant answers here again.');
    expect((await ratingOf(returned.visitor)).body.asked).toBe(false);

    await dana.rules({ csat: false });
    const { visitor } = await helped();
    expect((await said(visitor)).at(-1)).toBe(`system: ${ENDED}`);
    expect((await ratingOf(visitor)).body.asked).toBe(false);
    expect(await codeOf(rate<Problem>(visitor, { rating: 5 }))).toEqual([409, 'ESCALATION.NOT_ASKED']);
  });

  it('somebody with a login answers at the conversation; what was rated stays with the person who helped then', async () => {
    const user = await Client.register(() => world.parley.url);
    const own = new Agent(user, (await user.request<{ workspace_id: number }>('GET', '/auth/me')).body.workspace_id);
    await own.rules({ csat: true });
    const conversation = await user.conversation();
    const path = `/chat/conversations/${conversation}/rating`;
    const ids: number[] = [];
    for (const rating of [2, 5]) {
      await user.send(conversation, 'Hello');
      const { body } = await user.request<{ id: number }>('POST', '/escalations', { conversation_id: conversation });
      ids.push(body.id);
      await own.act(body.id, 'claim');
      await own.act(body.id, 'resolve');
      expect((await user.request<Rating>('PUT', path, { rating })).body).toEqual({
        asked: true,
        rating,
        comment: null,
      });
    }
    expect(await Promise.all(ids.map(async (id) => (await own.get(id)).csat_rating))).toEqual([2, 5]);
    expect((await dana.client.request('PUT', path, { rating: 1 })).status).toBe(403);
  });
});
