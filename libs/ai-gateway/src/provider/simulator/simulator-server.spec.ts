import { createProvider } from '../provider.factory';
import { aRequest, call } from '../provider.spec-support';
import type { CompletionProvider, PromptMessage } from '../provider.port';
import { SimulatorServer } from './simulator-server';

const simulator = new SimulatorServer();
let baseUrl = '';
beforeAll(async () => ({ baseUrl } = await simulator.start()));
afterAll(() => simulator.stop());

const INSTRUCTIONS =
  'Be kind.\n\nYOU ARE: Alex\nYOUR ROLE: A running coach\n\nRELATIONSHIP: Friend\n- Supportive and fun';
const conversation = (...texts: string[]): PromptMessage[] =>
  texts.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }));

describe.each(['responses', 'chat'] as const)('the simulator through the real provider on the %s API', (api) => {
  const provider = (): CompletionProvider =>
    createProvider({
      apiKey: '',
      baseUrl,
      api,
      defaultModel: 'gpt-6-luna',
      contentIdleTimeoutMs: 5_000,
      totalTimeoutMs: 10_000,
      provider: 'simulator',
    });
  const ask = (...texts: string[]) =>
    call(provider(), aRequest({ instructions: INSTRUCTIONS, input: conversation(...texts), temperature: 0.7 }));

  it('streams word by word, in the voice of the persona, and says that it is a simulator', async () => {
    const { result, deltas } = await ask('How do I run 10 km?');
    expect(deltas.length).toBeGreaterThan(5);
    expect(result?.text).toContain('Alex here');
    expect(result?.text).toContain('"How do I run 10 km?"');
    expect(result?.text).toMatch(/simulator/i);
    expect(result).toMatchObject({ model: 'gpt-6-luna', finish: 'stop' });
    expect(result?.usage.totalTokens).toBe((result?.usage.inputTokens ?? 0) + (result?.usage.outputTokens ?? 0));
    expect(result?.usage.outputTokens).toBeGreaterThan(0);
  });

  it('shows that earlier messages are in its context', async () => {
    const { result } = await ask('My name is Dana', 'Nice', 'I like running', 'Great', 'What is my name?');
    expect(result?.text).toContain('Your name is Dana.');
    expect(result?.text).toContain('message number 3');
    expect((await ask('I like running', 'Great', 'What did I say?')).result?.text).toContain('"I like running"');
  });

  it('answers the same request the same way', async () => {
    expect((await ask('Hello')).result?.text).toBe((await ask('Hello')).result?.text);
  });

  it('cuts at the token limit as a model does', async () => {
    const request = aRequest({ instructions: INSTRUCTIONS, maxOutputTokens: 10 });
    const { result } = await call(provider(), request);
    expect(result?.finish).toBe('max_tokens');
    expect(result?.usage.outputTokens).toBeLessThanOrEqual(10);
  });

  it('is reachable for a check', async () => {
    expect(await provider().check()).toEqual({ ok: true, code: null });
  });

  it('answers whole when no stream is asked for', async () => {
    const path = api === 'chat' ? 'chat/completions' : 'responses';
    const messages = [{ role: 'user', content: 'Hello' }];
    const response = await fetch(`${baseUrl}/${path}`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', ...(api === 'chat' ? { messages } : { input: 'Hello' }) }),
    });
    expect(JSON.stringify(await response.json())).toMatch(/simulator/);
  });

  it('refuses what is not a request', async () => {
    const response = await fetch(`${baseUrl}/responses`, { method: 'POST', body: '{' });
    expect(response.status).toBe(400);
    expect((await fetch(`${baseUrl}/elsewhere`)).status).toBe(404);
  });
});
