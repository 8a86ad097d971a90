import { FakeOpenAI, type Scenario, scenarios } from '../../../../test/support/fake-openai';
import type { CompletionRequest, PromptMessage } from './provider.port';
import { aProvider, aRequest, call } from './provider.spec-support';

const fake = new FakeOpenAI();
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());

const PNG = 'data:image/png;base64,iVBORw0KGgo=';
const responseFormat = {
  name: 'ticket',
  schema: { type: 'object', properties: { topic: { type: 'string' } }, additionalProperties: false },
  strict: true,
};
const picture = (url: string, text = 'What is this?'): PromptMessage => ({
  role: 'user',
  content: [
    { type: 'text', text },
    { type: 'image', url },
  ],
});
const everything: Partial<CompletionRequest> = {
  tools: [{ type: 'web_search' }, { type: 'code_interpreter', container: { type: 'auto' } }],
  responseFormat,
  metadata: { team: 'support' },
  serviceTier: 'flex',
  prompt: { id: 'pmpt_1', version: '2', variables: { product: 'Parley' } },
  input: [picture(PNG)],
};
const body = () => fake.requests.at(-1)?.body;

describe('what a persona adds to a request', () => {
  it('goes to the Responses API in full, and the upstream takes it', async () => {
    const { result } = await call(aProvider(fake), aRequest(everything));
    expect(result?.text).toBe('You said: What is this?');
    expect(body()).toMatchObject({
      tools: everything.tools,
      include: ['code_interpreter_call.outputs'],
      text: { format: { type: 'json_schema', ...responseFormat } },
      metadata: { team: 'support' },
      service_tier: 'flex',
      prompt: { id: 'pmpt_1', version: '2', variables: { product: 'Parley' } },
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is this?' },
            { type: 'input_image', image_url: PNG, detail: 'auto' },
          ],
        },
      ],
    });
  });

  it('goes to Chat Completions as far as that has it: no hosted tools, no metadata, no stored prompt', async () => {
    const { result } = await call(aProvider(fake, { api: 'chat' }), aRequest(everything));
    expect(result?.text).toBe('You said: What is this?');
    expect(body()).toMatchObject({
      service_tier: 'flex',
      response_format: { type: 'json_schema', json_schema: responseFormat },
      messages: [
        { role: 'system' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: PNG, detail: 'auto' } },
          ],
        },
      ],
    });
    for (const field of ['tools', 'metadata', 'prompt']) expect(body()).not.toHaveProperty(field);
  });

  it('is not sent at all when there is nothing of it', async () => {
    await call(aProvider(fake), aRequest({ tools: [], metadata: {} }));
    for (const field of ['tools', 'metadata', 'prompt', 'text', 'include']) expect(body()).not.toHaveProperty(field);
  });
});

describe('what an upstream refuses', () => {
  it.each(['metadata', 'include', 'store'])('is left out when an answer is one without it: %s', async (field) => {
    fake.next(scenarios.unsupportedParam(field));
    const target = aProvider(fake);
    const { result, extraRequests } = await call(target, aRequest(everything));
    expect(result?.finish).toBe('stop');
    expect(extraRequests).toHaveLength(1);
    expect(body()).not.toHaveProperty(field);
    // It is remembered: the next request does not begin with it.
    await call(target, aRequest(everything));
    expect(fake.requests).toHaveLength(3);
    expect(body()).not.toHaveProperty(field);
  });

  it.each<[string, Scenario, string]>([
    ['a tool', scenarios.unsupportedParam('tools[0].type'), 'UPSTREAM.TOOLS_REFUSED'],
    ['tools as such', scenarios.unsupportedParam('tools'), 'UPSTREAM.TOOLS_REFUSED'],
    [
      'a vector store',
      scenarios.error(404, { code: null, message: "Vector store with id ['vs_1'] not found." }),
      'UPSTREAM.TOOLS_REFUSED',
    ],
    ['the schema', scenarios.unsupportedParam('text.format.schema'), 'UPSTREAM.RESPONSE_FORMAT_REFUSED'],
    [
      'the schema, in words',
      scenarios.error(400, { code: null, message: 'json_schema is not supported by this server' }),
      'UPSTREAM.RESPONSE_FORMAT_REFUSED',
    ],
    ['the stored prompt', scenarios.unsupportedParam('prompt'), 'UPSTREAM.PROMPT_REFUSED'],
    ['the input', scenarios.unsupportedParam('input'), 'UPSTREAM.BAD_REQUEST'],
    [
      'a picture',
      scenarios.error(400, { code: 'invalid_image_url', param: 'input[0].content[1].image_url', message: 'Bad.' }),
      'UPSTREAM.IMAGE_REFUSED',
    ],
    [
      'pictures as such',
      scenarios.error(400, {
        code: null,
        message: 'Invalid content type. image_url is only supported by certain models.',
      }),
      'UPSTREAM.IMAGE_REFUSED',
    ],
    ['so many bytes of pictures', scenarios.error(413, { code: null, message: '' }), 'UPSTREAM.IMAGE_REFUSED'],
    [
      'a picture, after reading it',
      { type: 'failed', code: 'image_parse_error', message: 'Cannot be parsed.' },
      'UPSTREAM.IMAGE_REFUSED',
    ],
    [
      'a picture for what it shows',
      { type: 'failed', code: 'image_content_policy_violation', message: 'No.' },
      'UPSTREAM.CONTENT_FILTERED',
    ],
  ])('fails visibly when the answer would be another one without it: %s', async (_what, scenario, code) => {
    fake.next(scenario);
    const { error, extraRequests } = await call(aProvider(fake), aRequest(everything));
    expect(error).toMatchObject({ code, kind: 'permanent' });
    expect(extraRequests).toEqual([]);
    expect(fake.requests).toHaveLength(1);
  });

  it('is tried again when a server that a tool asks is away', async () => {
    fake.next(scenarios.error(424, { code: 'http_error', message: 'Error retrieving tool list from MCP server.' }));
    const { error } = await call(aProvider(fake), aRequest(everything));
    expect(error).toMatchObject({ code: 'UPSTREAM.TOOL_FAILED', kind: 'retryable' });
  });

  it('is not judged by pictures, tools or schemas that were not sent', async () => {
    fake.next(scenarios.error(400, { code: null, message: 'The image tools for json_schema are broken.' }));
    expect((await call(aProvider(fake))).error?.code).toBe('UPSTREAM.BAD_REQUEST');
  });

  it.each(['responses', 'chat'] as const)(
    'is left out when it is a picture of long ago that is gone by now (%s)',
    async (api) => {
      const input: PromptMessage[] = [
        picture('https://gone.example/cat.png', 'My cat'),
        { role: 'assistant', content: 'Nice.' },
        picture(PNG, 'And this?'),
      ];
      const { result, extraRequests } = await call(aProvider(fake, { api }), aRequest({ input }));
      expect(result?.text).toBe('You said: And this?');
      expect(extraRequests.map(({ code }) => code)).toEqual(['UPSTREAM.IMAGE_REFUSED']);
      const text = JSON.stringify(body());
      expect(text).not.toContain('gone.example');
      expect(text).toContain('My cat\\n[a picture');
      expect(text).toContain(PNG);
    },
  );

  it('is told when it is the picture of this message', async () => {
    const input = [picture('https://gone.example/cat.png')];
    expect((await call(aProvider(fake), aRequest({ input }))).error?.code).toBe('UPSTREAM.IMAGE_REFUSED');
  });
});
