import { Client, type Message, type SendAnswer } from '../support/client';
import { EventReader } from '../support/event-reader';
import { FakeOpenAI, type ScenarioTool, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { untilLogged } from '../support/process';

type Reply = Message & {
  tool_calls: { id: string; type: string; status: string; detail?: Record<string, unknown> }[];
  citations: { url: string; title: string; start_index: number; end_index: number }[];
};

const SEARCH: ScenarioTool = {
  type: 'web_search_call',
  statuses: ['in_progress', 'searching', 'completed'],
  item: { action: { type: 'search', query: 'opening hours' } },
};
const CITATION = {
  type: 'url_citation',
  start_index: 0,
  end_index: 4,
  url: 'https://example.com/hours',
  title: 'Hours',
};
const schema = {
  type: 'object',
  properties: { topic: { type: 'string' }, answer: { type: 'string' } },
  required: ['topic', 'answer'],
  additionalProperties: false,
};
const PERSONA = {
  tools: [
    {
      type: 'web_search',
      search_context_size: 'low',
      allowed_domains: ['example.com'],
      user_location: { country: 'DE' },
    },
    { type: 'file_search', vector_store_ids: ['vs_1'], max_num_results: 3 },
    { type: 'code_interpreter' },
    { type: 'mcp', server_label: 'docs', server_url: 'https://mcp.example.com/mcp', allowed_tools: ['search'] },
  ],
  response_format: { name: 'ticket', schema, strict: true },
  metadata: { team: 'support' },
  openai_prompt_id: 'pmpt_1',
  openai_prompt_version: '2',
  openai_prompt_variables: { product: 'Parley' },
};

describe.each(['responses', 'chat'] as const)('what a persona asks of its upstream (OPENAI_API=%s)', (api) => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let user: Client;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      OPENAI_API: api,
      OPENAI_TIMEOUT: '3000',
      OPENAI_TOTAL_TIMEOUT: '20000',
      OPENAI_MAX_RETRIES: '1',
    });
    user = await Client.register(() => parley.url);
  });
  afterAll(async () => {
    await parley.stop();
    await upstream.stop();
  });
  beforeEach(() => upstream.reset());

  const conversationWith = async (fields: Record<string, unknown>): Promise<number> =>
    user.conversation(await user.persona(fields));
  const reply = ({ body }: { body: SendAnswer }): Reply => body.assistant_message as Reply;

  it('is sent as far as the API has it, and is shown with the persona as it was given', async () => {
    const persona = await user.persona(PERSONA);
    const shown = await user.request<Record<string, unknown>>('GET', `/personas/${persona}`);
    expect(shown.body).toMatchObject({
      ...PERSONA,
      tools: PERSONA.tools.map((tool) =>
        tool.type === 'code_interpreter' ? { ...tool, container: { type: 'auto' } } : tool,
      ),
    });
    expect(reply(await user.send(await user.conversation(persona), 'Hi')).content).toBe('You said: Hi');
    const body = upstream.requests[0]!.body;
    if (api === 'responses') {
      expect(body).toMatchObject({
        tools: [
          {
            type: 'web_search',
            search_context_size: 'low',
            filters: { allowed_domains: ['example.com'] },
            user_location: { type: 'approximate', country: 'DE' },
          },
          { type: 'file_search', vector_store_ids: ['vs_1'], max_num_results: 3 },
          { type: 'code_interpreter', container: { type: 'auto' } },
          {
            type: 'mcp',
            server_label: 'docs',
            server_url: 'https://mcp.example.com/mcp',
            allowed_tools: ['search'],
            require_approval: 'never',
          },
        ],
        text: { format: { type: 'json_schema', ...PERSONA.response_format } },
        metadata: { team: 'support' },
        prompt: { id: 'pmpt_1', version: '2', variables: { product: 'Parley' } },
      });
    } else {
      expect(body.response_format).toEqual({ type: 'json_schema', json_schema: PERSONA.response_format });
      for (const field of ['tools', 'metadata', 'prompt']) expect(body).not.toHaveProperty(field);
      await user.send(await user.conversation(persona), 'Again');
      const said = parley.log().split('Chat Completions has no hosted tools').length - 1;
      expect(said).toBe(1);
    }
  });

  it('is not dropped in silence: a schema that the upstream refuses fails the turn with a code', async () => {
    const open = { ...PERSONA.response_format, schema: { type: 'object', properties: {} } };
    const answer = reply(await user.send(await conversationWith({ response_format: open }), 'Hi'));
    expect(answer).toMatchObject({ status: 'fallback', error_code: 'UPSTREAM.RESPONSE_FORMAT_REFUSED' });
    expect(upstream.requests).toHaveLength(1);
  });

  if (api === 'chat') return;

  it('tools are told in the stream as they work, and stored with the reply', async () => {
    const conversation = await conversationWith({ tools: [{ type: 'web_search' }] });
    upstream.next({
      type: 'reply',
      text: 'Open from nine.',
      tools: [{ ...SEARCH, delayMs: 200 }],
      annotations: [CITATION],
      tokenDelayMs: 30,
    });
    const stream = await EventReader.open(`${parley.url}/chat/conversations/${conversation}/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'When do you open?' }),
    });
    await stream.ended;
    const events = stream.events.map(({ event, data }) => data.tool_call?.status ?? event);
    expect(events.slice(0, 4)).toEqual(['turn.started', 'in_progress', 'searching', 'completed']);
    expect(events.indexOf('message.delta')).toBeGreaterThan(3);
    expect(stream.text).toBe('Open from nine.');
    const stored = (await user.messages(conversation)).at(-1) as Reply;
    expect(stored.tool_calls).toEqual([
      {
        id: expect.stringMatching(/^web_search_call_/) as string,
        type: 'web_search_call',
        status: 'completed',
        detail: { action: { type: 'search', query: 'opening hours' } },
      },
    ]);
    expect(stored.citations).toEqual([
      { url: 'https://example.com/hours', title: 'Hours', start_index: 0, end_index: 4 },
    ]);
    expect(stream.last?.data.assistant_message).toMatchObject({ tool_calls: stored.tool_calls });
    await user.request('DELETE', `/chat/messages/${stored.id}`);
    expect(await user.messages(conversation)).toHaveLength(1);
  });

  it('a tool may work in silence for longer than the model may', async () => {
    const conversation = await conversationWith({ tools: [{ type: 'web_search' }] });
    upstream.next({ type: 'reply', text: 'Found it.', tools: [{ ...SEARCH, delayMs: 5_000 }] });
    expect(reply(await user.send(conversation, 'Search')).content).toBe('Found it.');
    expect(upstream.requests).toHaveLength(1);
  });

  it('tool calls without any text become the fallback, never an empty message, and the tools do not work twice', async () => {
    const conversation = await conversationWith({ tools: [{ type: 'web_search' }] });
    upstream.always({ type: 'reply', pieces: [], tools: [SEARCH] });
    const answer = reply(await user.send(conversation, 'Search'));
    expect(answer).toMatchObject({ status: 'fallback', error_code: 'UPSTREAM.EMPTY_ANSWER' });
    expect(answer.content).not.toBe('');
    expect(upstream.requests).toHaveLength(1);
  });

  it('tools that the upstream refuses fail the turn with a code; nothing is asked without them', async () => {
    const conversation = await conversationWith({ tools: [{ type: 'file_search', vector_store_ids: ['nowhere'] }] });
    const answer = reply(await user.send(conversation, 'Search'));
    expect(answer).toMatchObject({ status: 'fallback', error_code: 'UPSTREAM.TOOLS_REFUSED' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('metadata that the upstream does not know is dropped once, logged, and not sent again', async () => {
    const conversation = await conversationWith({ metadata: { team: 'support' }, model: 'other-model' });
    upstream.next(scenarios.unsupportedParam('metadata'));
    expect(reply(await user.send(conversation, 'One')).content).toBe('You said: One');
    expect(reply(await user.send(conversation, 'Two')).content).toBe('You said: Two');
    expect(upstream.requests.map(({ body }) => 'metadata' in body)).toEqual([true, false, false]);
    await untilLogged(() => parley.log(), '"field":"metadata"');
  });
});
