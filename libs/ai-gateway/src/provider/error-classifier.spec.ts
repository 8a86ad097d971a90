import { classifyUpstreamFailure } from './error-classifier';

const code = (status: number | null, error: unknown, sentPromptId = false): string =>
  classifyUpstreamFailure({ status, error, sentPromptId }).code;

describe('classifyUpstreamFailure', () => {
  it.each([
    [401, { code: 'invalid_api_key' }, 'UPSTREAM.UNAUTHORIZED'],
    [403, {}, 'UPSTREAM.FORBIDDEN'],
    [403, { code: 'model_not_found' }, 'UPSTREAM.MODEL_NOT_FOUND'],
    [404, { message: "model 'llama9' not found" }, 'UPSTREAM.MODEL_NOT_FOUND'],
    [404, { message: 'Invalid URL (POST /v2/responses)' }, 'UPSTREAM.NOT_FOUND'],
    [402, { message: 'Insufficient credits' }, 'UPSTREAM.QUOTA_EXHAUSTED'],
    [429, { code: 'insufficient_quota' }, 'UPSTREAM.QUOTA_EXHAUSTED'],
    [429, { type: 'insufficient_quota', code: null }, 'UPSTREAM.QUOTA_EXHAUSTED'],
    [429, { code: 'rate_limit_exceeded' }, 'UPSTREAM.RATE_LIMITED'],
    [429, '', 'UPSTREAM.RATE_LIMITED'],
    [400, { code: 'context_length_exceeded' }, 'UPSTREAM.CONTEXT_TOO_LONG'],
    [400, { message: "This model's maximum context length is 4096 tokens." }, 'UPSTREAM.CONTEXT_TOO_LONG'],
    [413, '', 'UPSTREAM.CONTEXT_TOO_LONG'],
    [400, { code: 'conversation_locked' }, 'UPSTREAM.CONVERSATION_LOCKED'],
    [400, { code: 'content_filter' }, 'UPSTREAM.CONTENT_FILTERED'],
    [400, { code: 'whatever' }, 'UPSTREAM.BAD_REQUEST'],
    [422, { detail: 'no' }, 'UPSTREAM.BAD_REQUEST'],
    [418, {}, 'UPSTREAM.BAD_REQUEST'],
    [408, {}, 'UPSTREAM.SERVER_ERROR'],
    [500, {}, 'UPSTREAM.SERVER_ERROR'],
    [502, '<html>', 'UPSTREAM.SERVER_ERROR'],
    [503, {}, 'UPSTREAM.OVERLOADED'],
    [529, {}, 'UPSTREAM.OVERLOADED'],
    [null, { code: 'server_error' }, 'UPSTREAM.SERVER_ERROR'],
    [null, { code: 'rate_limit_exceeded' }, 'UPSTREAM.RATE_LIMITED'],
    [null, { code: 'insufficient_quota' }, 'UPSTREAM.QUOTA_EXHAUSTED'],
    [null, { code: 'invalid_prompt' }, 'UPSTREAM.CONTENT_FILTERED'],
    [null, { type: 'overloaded_error' }, 'UPSTREAM.OVERLOADED'],
    [null, {}, 'UPSTREAM.SERVER_ERROR'],
  ])('takes %s %j for %s', (status, error, expected) => {
    expect(code(status, error)).toBe(expected);
  });

  it('takes a complaint about a stored prompt for one only when a stored prompt was sent', () => {
    expect(code(404, { message: "Prompt with id 'pmpt_1' not found.", code: null }, true)).toBe(
      'UPSTREAM.PROMPT_REFUSED',
    );
    expect(code(400, { param: 'prompt.id' }, true)).toBe('UPSTREAM.PROMPT_REFUSED');
    expect(code(400, { message: "Unknown parameter: 'prompt'.", param: 'prompt' }, true)).toBe(
      'UPSTREAM.PROMPT_REFUSED',
    );
    expect(code(400, { param: 'temperature' }, true)).toBe('UPSTREAM.BAD_REQUEST');
    expect(code(400, { param: 'prompt' }, false)).toBe('UPSTREAM.BAD_REQUEST');
  });

  it.each([
    [{ param: 'reasoning.effort' }, 'reasoning'],
    [{ message: "Unknown parameter: 'store'." }, 'store'],
    [{ message: "Unsupported parameter: 'max_tokens' is not supported with this model." }, 'max_tokens'],
    [{ message: "'stream_options' is not supported" }, 'stream_options'],
    [
      {
        detail: [
          { type: 'extra_forbidden', loc: ['body', 'safety_identifier'], msg: 'Extra inputs are not permitted' },
        ],
      },
      'safety_identifier',
    ],
    [{ message: 'no idea' }, null],
  ])('finds the refused field in %j', (error, field) => {
    expect(classifyUpstreamFailure({ status: 400, error }).refusedField).toBe(field);
  });

  it('keeps keys out of the log, and the log line short and single', () => {
    const apiKey = 'my-secret-key-123';
    const message = `Bad key ${apiKey}, sk-proj-abc*****xyz and Bearer abc.def\n${'x'.repeat(5_000)}`;
    const { logDetail, message: own } = classifyUpstreamFailure({
      status: 401,
      error: { message, code: apiKey },
      apiKey,
    });
    expect(logDetail).not.toMatch(/secret|sk-proj|abc\.def|\n/);
    expect(logDetail.length).toBeLessThan(320);
    expect(own).toBe('The model call failed: UPSTREAM.UNAUTHORIZED');
  });
});
