import { ProviderError } from './provider.error';
import { createProvider } from './provider.factory';
import type {
  CompletionProvider,
  CompletionRequest,
  CompletionResult,
  ProviderOptions,
  ToolCall,
} from './provider.port';

export const API_KEY = 'sk-test-secret-1234567890';

/** A provider against the fake, with limits no test waits for. */
export function aProvider(fake: { baseUrl: string }, change: Partial<ProviderOptions> = {}): CompletionProvider {
  return createProvider({
    apiKey: API_KEY,
    baseUrl: fake.baseUrl,
    api: 'responses',
    defaultModel: 'gpt-6-luna',
    contentIdleTimeoutMs: 10_000,
    totalTimeoutMs: 10_000,
    provider: 'openai',
    ...change,
  });
}

export function aRequest(change: Partial<CompletionRequest> = {}): CompletionRequest {
  return {
    model: 'gpt-6-luna',
    instructions: 'Be kind.',
    input: [{ role: 'user', content: 'hello there' }],
    ...change,
  };
}

/** What a call did, seen from its caller. */
export interface Heard {
  deltas: string[];
  result: CompletionResult | null;
  error: ProviderError | null;
  extraRequests: ProviderError[];
  /** What tools did, each with how much text had come before. */
  tools: { call: ToolCall; textBefore: string }[];
}

/** Makes a call and returns all it did; an error that is no ProviderError fails the test. */
export async function call(
  provider: CompletionProvider,
  request: CompletionRequest = aRequest(),
  signal: AbortSignal = new AbortController().signal,
): Promise<Heard> {
  const heard: Heard = { deltas: [], result: null, error: null, extraRequests: [], tools: [] };
  try {
    heard.result = await provider.complete(request, {
      signal,
      onDelta: (text) => void heard.deltas.push(text),
      onToolCall: (tool) => void heard.tools.push({ call: tool, textBefore: heard.deltas.join('') }),
      onExtraRequest: (refusal) => void heard.extraRequests.push(refusal),
    });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    heard.error = error;
  }
  return heard;
}
