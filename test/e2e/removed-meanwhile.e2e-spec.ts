import { type Answer, Client, type Problem } from '../support/client';
import { whileRemoved } from '../support/meanwhile';
import { SupportWorld } from '../support/support-world';
import { Agent, type EscalationView } from '../support/team';
import { Visitor } from '../support/visitor';

const SETTINGS = { ESCALATION_DRAFTS: 'false' };

describe('what a request needs is removed at the moment at which it is made', () => {
  let world: SupportWorld;
  let owner: Client;
  let team: Agent;
  let conversation: number;

  beforeAll(async () => {
    world = await SupportWorld.start(SETTINGS);
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    owner = await Client.register(() => world.parley.url);
    const { body } = await owner.request<{ workspace_id: number }>('GET', '/auth/me');
    team = new Agent(owner, body.workspace_id);
    conversation = await owner.conversation();
  });

  const removal = (): string => `DELETE FROM conversations WHERE id = ${conversation}`;
  const ask = (): Promise<Answer<EscalationView & Problem>> =>
    owner.request('POST', '/escalations', { conversation_id: conversation });

  it.each<[what: string, rules: object]>([
    ['models go on answering', { while_waiting: 'ai_answers' }],
    ['models are silent', { while_waiting: 'silent' }],
  ])('the conversation in which somebody asks for a person, where %s meanwhile', async (_what, rules) => {
    await team.rules(rules);
    expect(await whileRemoved(world.sql, removal(), ask)).toMatchObject({
      status: 404,
      body: { code: 'CONVERSATION.NOT_FOUND' },
    });
  });

  it.each([
    ['has', true],
    ['had no', false],
  ])('the conversation of a reply on which somebody %s an opinion', async (_what, isThere) => {
    const { body } = await owner.send(conversation, 'Hello');
    const path = `/chat/messages/${body.assistant_message.id}/feedback`;
    const give = (): Promise<Answer<Problem>> => owner.request('POST', path, { rating: 'up' });
    if (isThere) expect((await give()).status).toBeLessThan(300);
    expect(await whileRemoved(world.sql, removal(), give)).toMatchObject({
      status: 404,
      body: { code: 'MESSAGE.NOT_FOUND' },
    });
  });

  it('the conversation of which somebody says how it was', async () => {
    await team.rules({ csat: true });
    const { id } = (await ask()).body;
    await team.act(id, 'claim');
    await team.act(id, 'resolve');
    const path = `/chat/conversations/${conversation}/rating`;
    const rate = (): Promise<Answer<Problem>> => owner.request('PUT', path, { rating: 5 });
    expect(await whileRemoved(world.sql, removal(), rate)).toMatchObject({
      status: 404,
      body: { code: 'CONVERSATION.NOT_FOUND' },
    });
  });

  it('a webhook that would be told of it', async () => {
    const webhooks = await Promise.all(
      ['removed', 'kept'].map((name) =>
        owner.request<{ id: number }>('POST', '/webhooks', {
          workspace_id: team.workspaceId,
          url: `https://hooks.example.com/${name}`,
          events: ['escalation.created'],
        }),
      ),
    );
    const [removed, kept] = webhooks.map(({ body }) => body.id);
    const asked = await whileRemoved(world.sql, `DELETE FROM webhook_endpoints WHERE id = ${removed}`, ask);
    expect(asked.status).toBe(201);
    const { body } = await owner.request<{ deliveries: unknown[] }>('GET', `/webhooks/${kept}/deliveries`);
    expect(body.deliveries).toHaveLength(1);
  });

  it('the persona of a support chat, of which this process has not heard', async () => {
    const persona_id = await owner.persona({ visibility: 'workspace' });
    const path = `/workspaces/${team.workspaceId}/support-door`;
    const door = await owner.request<{ public_key: string }>('PUT', path, { persona_id });
    const publicKey = door.body.public_key;
    await Visitor.begin(() => world.parley.url, { publicKey });
    await world.sql.query('UPDATE personas SET deleted_at = now() WHERE id = $1', [persona_id]);
    const late = await new Visitor(() => world.parley.url).begin({ publicKey });
    expect(late).toMatchObject({ status: 403, body: { code: 'SUPPORT.CLOSED' } });
  });
});
