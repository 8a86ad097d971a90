import { type BegunTurn, TurnHandOff } from '@app/conversations';
import type { PersonaVersionSnapshot } from '@app/personas';
import { AppConfig } from '@app/platform';
import { PinoLogger } from 'nestjs-pino';
import { CompletionRequestBuilder } from './completion-request.builder';
import { LearnedWindows, PromptFitter } from './context';
import { estimateTokens } from './prompt';
import { createProvider, ProviderError, textOf } from './provider';
import { VERDICT_INSTRUCTIONS } from './verdict';

const logger = new PinoLogger({ pinoHttp: { level: 'silent' } });
const config = new AppConfig({
  DATABASE_URL: 'postgres://u:p@127.0.0.1/x',
  SECRET_KEY: 'a-secret-of-at-least-32-characters-',
  ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
  MAX_CONVERSATION_HISTORY: '40',
});
const provider = createProvider({
  apiKey: 'k',
  baseUrl: 'http://127.0.0.1:9/v1',
  api: 'responses',
  defaultModel: 'gpt-6-luna',
  contentIdleTimeoutMs: 1_000,
  totalTimeoutMs: 1_000,
  provider: 'compatible',
});

const aPersona = (change: Partial<PersonaVersionSnapshot> = {}): PersonaVersionSnapshot => ({
  id: 7,
  personaId: 3,
  workspaceId: 1,
  version: 1,
  name: 'Alex',
  description: 'A coach',
  relationshipType: 'friend',
  systemInstructions: 'Be kind.',
  promptTemplate: '',
  model: null,
  temperature: null,
  maxTokens: null,
  openaiPromptId: null,
  openaiPromptVersion: null,
  openaiPromptVariables: null,
  conversationState: null,
  fallbackModels: [],
  tools: [],
  responseFormat: null,
  metadata: {},
  serviceTier: null,
  piiRedaction: null,
  answerCache: null,
  sessionTimeoutMs: null,
  ...change,
});

const aTurn = (change: Partial<BegunTurn> = {}): BegunTurn =>
  ({
    turnId: 1,
    conversationId: 5,
    userId: 2,
    userSeq: 41,
    content: 'hello',
    correlationId: null,
    history: Array.from({ length: 12 }, (_, index) => ({
      userSeq: 17 + 2 * index,
      user: `question ${index} ${'why is that so '.repeat(20)}`,
      reply: `answer ${index} ${'because it is '.repeat(20)}`,
    })),
    summary: null,
    ...change,
  }) as BegunTurn;

const refusal = (contextLimit: { windowTokens: number; promptTokens: number | null } | null): ProviderError =>
  new ProviderError('UPSTREAM.CONTEXT_TOO_LONG', { contextLimit });

describe('what the model is asked', () => {
  let builder: CompletionRequestBuilder;
  const handOff = new TurnHandOff();
  beforeEach(
    () =>
      (builder = new CompletionRequestBuilder(
        config,
        new PromptFitter(config, new LearnedWindows(), provider),
        handOff,
        logger,
      )),
  );

  it('begins with what changes seldom: instructions, notes, history; and ends with the message', () => {
    const { request } = builder.build(aTurn({ summary: { content: 'Dana runs.', throughSeq: 15 } }), aPersona());
    expect(request.instructions).toMatch(/^Be kind\./);
    expect(request.input[0]).toMatchObject({
      role: 'user',
      content: expect.stringContaining('\nDana runs.\n') as string,
    });
    expect(request.input[1]!.content).toMatch(/^question 0/);
    expect(request.input.at(-1)).toEqual({ role: 'user', content: 'hello' });
  });

  it('has instructions that are the same in every turn of every conversation', () => {
    const one = builder.build(aTurn(), aPersona()).request.instructions;
    const other = builder.build(
      aTurn({ turnId: 9, conversationId: 6, userId: 8, content: 'x', history: [] }),
      aPersona(),
    );
    expect(other.request.instructions).toBe(one);
  });

  it('has a cache key of 64 characters that is one per conversation and version of the persona', () => {
    const key = (turn: Partial<BegunTurn>, persona: Partial<PersonaVersionSnapshot> = {}): string =>
      builder.build(aTurn(turn), aPersona(persona)).request.promptCacheKey!;
    expect(key({})).toMatch(/^[0-9a-f]{64}$/);
    expect(key({ turnId: 2, content: 'other' })).toBe(key({}));
    expect(new Set([key({}), key({ conversationId: 6 }), key({}, { id: 8 })]).size).toBe(3);
  });

  it('fits the window of a small model, and asks for no more than it gives', () => {
    const { request } = builder.build(aTurn(), aPersona({ model: 'gpt-4', maxTokens: 7_500 }));
    expect(request.maxOutputTokens).toBe(4_096);
    const tokens = [request.instructions, ...request.input.map(textOf)].reduce((sum, text) => sum + estimateTokens(text), 0); // prettier-ignore
    expect(tokens + request.maxOutputTokens!).toBeLessThan(8_192);
    expect(request.input.length).toBeGreaterThan(3);
  });

  it('keeps to a limit that a server told, for that model', () => {
    const persona = aPersona({ model: 'llama', maxTokens: 200 });
    const first = builder.build(aTurn(), persona);
    const smaller = builder.shrink(first, refusal({ windowTokens: 1_024, promptTokens: null }))!;
    expect(smaller.request.input.length).toBeLessThan(first.request.input.length);
    expect(builder.build(aTurn(), persona).request.input).toEqual(smaller.request.input);
    expect(builder.build(aTurn(), aPersona({ model: 'qwen' })).request.input).toEqual(first.request.input);
  });

  it('leaves out at least half of the past when no limit was told, and remembers nothing', () => {
    const persona = aPersona({ model: 'llama' });
    const first = builder.build(aTurn(), persona);
    const smaller = builder.shrink(first, refusal(null))!;
    expect(smaller.request.input.length).toBeLessThanOrEqual(Math.ceil(first.request.input.length / 2));
    expect(smaller.request.input.at(-1)).toEqual({ role: 'user', content: 'hello' });
    expect(builder.build(aTurn(), persona).request.input).toEqual(first.request.input);
  });

  it('has nothing to leave out of a message alone', () => {
    const alone = builder.build(aTurn({ history: [] }), aPersona({ model: 'llama' }));
    expect(builder.shrink(alone, refusal(null))).toBeNull();
    expect(builder.shrink(alone, refusal({ windowTokens: 100_000, promptTokens: 200_000 }))).toBeNull();
  });

  it('asks for a shorter answer when that is what was too long', () => {
    const alone = builder.build(aTurn({ history: [] }), aPersona({ model: 'llama', maxTokens: 1_000 }));
    const smaller = builder.shrink(alone, refusal({ windowTokens: 512, promptTokens: 130 }))!;
    expect(smaller.request).toMatchObject({ maxOutputTokens: 256, input: [{ role: 'user', content: 'hello' }] });
  });

  it('knows when asking is no use: the message alone is far longer than the window', () => {
    const tooLong = (content: string, model: string): boolean =>
      builder.build(aTurn({ content, history: [] }), aPersona({ model })).fitted.isSurelyTooLong;
    const long = 'погода в горах '.repeat(5_000);
    expect(tooLong(long, 'gpt-4')).toBe(true);
    expect(tooLong('weather '.repeat(8_500), 'gpt-4')).toBe(false);
    expect(tooLong(long, 'gpt-6-luna')).toBe(false);
    expect(tooLong(long, 'llama')).toBe(false);
  });

  describe('the model judging its answer', () => {
    const asked: unknown[] = [];
    beforeAll(() =>
      handOff.use({
        isActive: () => true,
        mayTakeFirst: () => false,
        takeFirst: () => Promise.resolve(false),
        isOpen: () => Promise.resolve(false),
        saidElsewhere: () => Promise.resolve(),
        wantsVerdict: (...subject) => {
          asked.push(subject);
          return subject[2] === 'support';
        },
        decide: () => Promise.resolve(null),
      }),
    );

    it('is asked for where people can take over, with room for it, and not by personas with a format of their own', () => {
      const turn = aTurn({ workspaceId: 4, channel: 'support' });
      const plain = builder.build(aTurn({ workspaceId: 4, channel: 'api' }), aPersona({ maxTokens: 100 })).request;
      const { request } = builder.build(turn, aPersona({ maxTokens: 100 }));
      expect(request).toEqual({
        ...plain,
        wantsVerdict: true,
        instructions: `${plain.instructions}\n\n${VERDICT_INSTRUCTIONS}`,
        maxOutputTokens: 140,
      });
      expect(asked).toEqual([
        [4, 3, 'api'],
        [4, 3, 'support'],
      ]);
      const responseFormat = { name: 'own', schema: {}, strict: false };
      const own = builder.build(turn, aPersona({ maxTokens: 100, responseFormat })).request;
      expect(own).toEqual({ ...plain, responseFormat });
      expect(plain).not.toHaveProperty('wantsVerdict');
    });
  });
});
