import { FakeOpenAI, type ScenarioTool } from '../../../../test/support/fake-openai';
import { aProvider, aRequest, call } from './provider.spec-support';

const fake = new FakeOpenAI();
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());

const SEARCH: ScenarioTool = {
  type: 'web_search_call',
  statuses: ['in_progress', 'searching', 'completed'],
  item: { action: { type: 'search', query: 'weather in Köln' } },
};
const CITATION = { type: 'url_citation', start_index: 0, end_index: 5, url: 'https://example.com/a', title: 'A page' };
const withTools = aRequest({ tools: [{ type: 'web_search' }] });

describe('hosted tools', () => {
  it('tells each step of a tool before the text, and keeps what it did with the answer', async () => {
    fake.next({ type: 'reply', text: 'Sunny today', tools: [SEARCH], annotations: [CITATION], tokenDelayMs: 5 });
    const { tools, result } = await call(aProvider(fake), withTools);
    expect(tools.map(({ call: { status } }) => status)).toEqual(['in_progress', 'searching', 'completed', 'completed']);
    expect(tools.every(({ textBefore }) => textBefore === '')).toBe(true);
    expect(result?.text).toBe('Sunny today');
    expect(result?.toolCalls).toEqual([
      {
        id: expect.stringMatching(/^web_search_call_/) as string,
        type: 'web_search_call',
        status: 'completed',
        detail: { action: { type: 'search', query: 'weather in Köln' } },
      },
    ]);
    expect(result?.citations).toEqual([
      { url: 'https://example.com/a', title: 'A page', start_index: 0, end_index: 5 },
    ]);
  });

  it('reads any kind of call, and of MCP tools only the names', async () => {
    const tools: ScenarioTool[] = [
      { type: 'mcp_list_tools', item: { server_label: 'docs', tools: [{ name: 'search', input_schema: { a: 1 } }] } },
      { type: 'mcp_call', statuses: ['in_progress', 'failed'], item: { name: 'search', error: 'no such page' } },
      { type: 'code_interpreter_call', statuses: ['in_progress', 'interpreting', 'completed'], item: { code: '1+1' } },
      { type: 'file_search_call', item: { queries: ['q'], results: [{ file_id: 'f', text: 'the whole file' }] } },
      { type: 'image_generation_call', item: { result: 'A'.repeat(100_000) } },
      { type: 'hologram_call', item: { size: 3 } },
    ];
    fake.next({ type: 'reply', text: 'Done', tools });
    const { result } = await call(aProvider(fake), withTools);
    expect(result?.toolCalls.map(({ type, status, detail }) => ({ type, status, detail }))).toEqual([
      { type: 'mcp_list_tools', status: 'completed', detail: { server_label: 'docs', tools: ['search'] } },
      { type: 'mcp_call', status: 'failed', detail: { name: 'search', error: 'no such page' } },
      { type: 'code_interpreter_call', status: 'completed', detail: { code: '1+1' } },
      { type: 'file_search_call', status: 'completed', detail: { queries: ['q'], results: [{ file_id: 'f' }] } },
      { type: 'image_generation_call', status: 'completed', detail: undefined },
      { type: 'hologram_call', status: 'completed', detail: { size: 3 } },
    ]);
  });

  it('keeps at most 50 calls of at most 4 kB each, and nothing that a database refuses', async () => {
    const item = {
      arguments: '\0😀'.repeat(2_000),
      output: 'x'.repeat(20_000),
      more: Array(100).fill('y'.repeat(99)),
    };
    fake.next({ type: 'reply', text: 'Done', tools: Array.from({ length: 60 }, () => ({ type: 'mcp_call', item })) });
    const { result, error } = await call(aProvider(fake), withTools);
    expect(error?.logDetail).toBeUndefined();
    expect(result?.toolCalls).toHaveLength(50);
    const text = JSON.stringify(result?.toolCalls[0]?.detail);
    expect(text).toContain('output');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_000);
    expect(text).not.toContain('\\u0000');
  });

  it('takes calls and sources from a whole answer, too', async () => {
    const output = [
      { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { query: 'q' } },
      {
        type: 'message',
        content: [
          { type: 'output_text', text: 'One.', annotations: [] },
          { type: 'output_text', text: 'Two.', annotations: [CITATION, { ...CITATION, url: 'javascript:alert(1)' }] },
        ],
      },
    ];
    const body = JSON.stringify({ id: 'r', model: 'm', status: 'completed', output });
    fake.next({ type: 'raw', contentType: 'application/json', body });
    const { result, tools } = await call(aProvider(fake), withTools);
    expect(result?.toolCalls).toMatchObject([{ id: 'ws_1', status: 'completed' }]);
    expect(result?.citations).toMatchObject([{ url: CITATION.url, start_index: 4, end_index: 9 }]);
    expect(tools).toHaveLength(1);
  });

  it('waits for a tool that works in silence for longer than the limit for silence, but not for a model that says nothing', async () => {
    const patient = aProvider(fake, { contentIdleTimeoutMs: 300, totalTimeoutMs: 20_000 });
    fake.next({ type: 'reply', text: 'Found it', tools: [{ ...SEARCH, delayMs: 1_000 }] });
    expect((await call(patient, withTools)).result?.text).toBe('Found it');
    fake.next({ type: 'reply', text: 'Too late', tools: [SEARCH], firstTokenDelayMs: 5_000 });
    expect((await call(patient, withTools)).error?.code).toBe('UPSTREAM.STALLED');
  });

  it('lets a tool at work not take longer than a whole attempt may; that is the fault of the tool, and it is not begun again', async () => {
    fake.next({ type: 'reply', text: 'Too late', tools: [{ ...SEARCH, delayMs: 10_000 }] });
    const { error } = await call(aProvider(fake, { contentIdleTimeoutMs: 100, totalTimeoutMs: 600 }), withTools);
    expect(error).toMatchObject({ code: 'UPSTREAM.TOOL_FAILED', kind: 'permanent' });
  });

  it('takes tool calls without any text for an empty answer, and does not do the work of the tools twice', async () => {
    fake.next({ type: 'reply', pieces: [], tools: [SEARCH] });
    const { error } = await call(aProvider(fake), withTools);
    expect(error).toMatchObject({ code: 'UPSTREAM.EMPTY_ANSWER', kind: 'permanent' });
  });
});
