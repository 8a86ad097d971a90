import { contextLimitIn } from './context-limit';
import { classifyUpstreamFailure } from './error-classifier';

describe('what a server says when a prompt is too long', () => {
  it.each([
    ['OpenAI', "This model's maximum context length is 128000 tokens. However, your messages resulted in 129123 tokens. Please reduce the length of the messages.", 128_000, 129_123],
    ['OpenAI, newer', 'Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300001 tokens. Please reduce the length of the messages.', 272_000, 300_001],
    ['vLLM', "This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages, 10000 in the completion). Please reduce the length of the messages or completion.", 16_384, 112_946],
    ['vLLM, about the answer', "'max_tokens' or 'max_completion_tokens' is too large: 1000. This model's maximum context length is 512 tokens and your request has 130 input tokens (1000 > 512 - 130).", 512, 130],
    ['vLLM, older', 'The prompt (length 5000) is longer than the maximum model length of 4096. Make sure that it is shorter.', 4_096, 5_000],
    ['llama.cpp', 'request (5010 tokens) exceeds the available context size (4096 tokens), try increasing it', 4_096, 5_010],
    ['Python bindings of llama.cpp', 'Requested tokens (2664) exceed context window of 2048', 2_048, 2_664],
    ['Ollama', 'prompt too long; exceeded max context length by 904 tokens: exceeds limit (5000 > 4096)', 4_096, 5_000],
    ['SGLang', "Input length (265330) exceeds model's maximum context length (262144).", 262_144, 265_330],
    ['SGLang, about both', "Requested token count exceeds the model's maximum context length of 131072 tokens. You requested a total of 131500 tokens: 130000 tokens from the input messages and 1500 tokens for the completion.", 131_072, null],
    ['LiteLLM with Anthropic behind it', 'litellm.ContextWindowExceededError: litellm.BadRequestError: AnthropicError - {"type":"error","error":{"message":"prompt is too long: 213462 tokens > 200000 maximum"}}', 200_000, 213_462],
    ['LiteLLM with OpenAI behind it', "litellm.BadRequestError: OpenAIException - This model's maximum context length is 8,192 tokens. However, you requested 9,100 tokens (8,100 in the messages, 1,000 in the completion).", 8_192, 8_100],
    ['xAI', "This model's maximum prompt length is 131072 but the request contains 537812 tokens", 131_072, 537_812],
    ['Mistral', 'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length', 32_768, 40_000],
  ])('%s: the limit, and the length of the prompt where it is told', (_server, message, windowTokens, promptTokens) => {
    expect(contextLimitIn(message)).toEqual({ windowTokens, promptTokens });
    const failure = classifyUpstreamFailure({ status: 400, error: { message, type: 'invalid_request_error', code: null } });
    expect(failure).toMatchObject({ code: 'UPSTREAM.CONTEXT_TOO_LONG', contextLimit: { windowTokens, promptTokens } });
  }); // prettier-ignore

  it('llama.cpp says the numbers in fields of their own', () => {
    const error = {
      error: {
        code: 400,
        message: 'the request exceeds the available context size, try increasing it',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 5010,
        n_ctx: 4096,
      },
    };
    expect(classifyUpstreamFailure({ status: 400, error })).toMatchObject({
      code: 'UPSTREAM.CONTEXT_TOO_LONG',
      contextLimit: { windowTokens: 4096, promptTokens: 5010 },
    });
  });

  it.each([
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
    'the input length exceeds the context length',
    'prompt is too long',
  ])('no number is no limit: %s', (message) => {
    expect(contextLimitIn(message)).toBeNull();
    expect(classifyUpstreamFailure({ status: 400, error: { message } })).toMatchObject({
      code: 'UPSTREAM.CONTEXT_TOO_LONG',
      contextLimit: null,
    });
  });

  it.each([
    'maximum context length is 0 tokens',
    'maximum context length is 12 tokens',
    `context size of ${'9'.repeat(40)}`,
    'maximum context length is ,,, tokens',
    '',
  ])('a number that no window has is none: %j', (message) => {
    expect(contextLimitIn(message)).toBeNull();
  });

  it('other refusals carry no limit, even when they name a number', () => {
    const error = { code: 'insufficient_quota', message: 'maximum context length is 8192 tokens' };
    expect(classifyUpstreamFailure({ status: 429, error }).contextLimit).toBeNull();
  });
});
