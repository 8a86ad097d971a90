import { Client } from '../support/client';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { Agent } from '../support/team';

interface Results {
  conversations: number;
  turns: number;
  escalations: number;
}
interface Report {
  a: Results;
  b: Results;
  total: Results;
  comparison: {
    escalated: { difference: number | null; a: { hits: number; of: number }; b: { hits: number; of: number } };
  };
}

const CONVERSATIONS = 16;

describe('comparisons of persona versions count what people had to take over', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      ESCALATION_DRAFTS: 'false',
    });
  });
  afterAll(async () => {
    await parley.stop();
    await upstream.stop();
  });

  it('by version, once for each turn that asked for somebody, and nothing of what people answer themselves', async () => {
    const user = await Client.register(() => parley.url);
    const agent = new Agent(user, (await user.request<{ workspace_id: number }>('GET', '/auth/me')).body.workspace_id);
    const persona = await user.persona({ system_instructions: 'You are VERSION-A.' });
    await agent.rules({ keywords: { words: ['zebra'] }, confidence_below: null });
    await eventually(async () => {
      await user.send(await user.conversation(persona), 'zebra');
      return (await agent.list('&limit=1')).length > 0 ? true : undefined;
    }, 'the rules to be known to the worker');
    await user.request('POST', `/personas/${persona}/versions`, { system_instructions: 'You are VERSION-B.' });
    const begun = await user.request<{ id: number }>('POST', `/personas/${persona}/experiments`, {
      name: 'A or B',
      version_b: 2,
    });
    expect(begun.status).toBe(201);
    upstream.reset();

    const escalated = { a: 0, b: 0 };
    const conversations = { a: 0, b: 0 };
    for (let index = 0; index < CONVERSATIONS; index += 1) {
      const conversation = await user.conversation(persona);
      upstream.next(scenarios.reply('Hello.'));
      await user.send(conversation, 'Hello');
      const version = JSON.stringify(upstream.requests.at(-1)!.body).includes('VERSION-A') ? 'a' : 'b';
      conversations[version] += 1;
      // All of B, and every third of A.
      if (version === 'a' && index % 3 !== 0) continue;
      upstream.next(scenarios.reply('Oh.'));
      await user.send(conversation, 'There is a zebra');
      escalated[version] += 1;
      const { id } = (await agent.list('&limit=1'))[0]!;
      await agent.act(id, 'claim');
      // To the person: it asks for nobody.
      await user.request('POST', `/chat/conversations/${conversation}/send`, { content: 'The zebra is still here' });
      await agent.act(id, 'return');
    }
    expect(escalated.b).toBeGreaterThan(0);
    const { body } = await user.request<Report>('GET', `/personas/${persona}/experiments/${begun.body.id}`);
    expect([body.a.escalations, body.b.escalations, body.total.escalations]).toEqual([
      escalated.a,
      escalated.b,
      escalated.a + escalated.b,
    ]);
    expect([body.a.conversations, body.b.conversations]).toEqual([conversations.a, conversations.b]);
    expect(body.comparison.escalated).toMatchObject({
      a: { hits: escalated.a, of: conversations.a },
      b: { hits: escalated.b, of: conversations.b },
    });
  });
});
