import { FakeOpenAI, scenarios } from '../../../../test/support/fake-openai';
import { aProvider, aRequest } from '../provider/provider.spec-support';
import type { CompletionResult, ToolCall } from '../provider';
import { completeRedacted } from './complete-redacted';
import { PiiDetector } from './detect/pii-detector';
import { placeholderFor } from './placeholders';
import { Redaction } from './redaction';
import { RestoredReply } from './restored-reply';

const detector = new PiiDetector({ types: ['email', 'phone', 'card', 'iban'], custom: ['Say "cheese"'] }, []);
const SECRET = 'a-secret-of-at-least-32-characters-';
const aRedaction = (scope = 'conversation:1', older: (() => Promise<string[]>) | null = null): Redaction =>
  new Redaction((text) => detector.find(text), [SECRET], scope, older);
const PLACEHOLDER = /^\[EMAIL_[a-z]{6}\]$/;

describe('placeholders', () => {
  it('are the same for the same value in the same conversation, whoever makes them', () => {
    const first = aRedaction().redact('dana@example.com');
    expect(first).toMatch(PLACEHOLDER);
    expect(aRedaction().redact('so: dana@example.com!')).toBe(`so: ${first}!`);
    expect(aRedaction('conversation:2').redact('dana@example.com')).not.toBe(first);
  });

  it('stand for exactly what was written', () => {
    const redaction = aRedaction();
    const text = 'Dana@Example.com, dana@example.com, +49 170 1234567 and +491701234567';
    const redacted = redaction.redact(text);
    expect(new Set(redacted.match(/\[\w+\]/g)).size).toBe(4);
    expect(redaction.restore(redacted)).toBe(text);
  });

  it('that two values would share get longer for the second one', () => {
    const value = { type: 'email' as const, text: 'a@b.co' };
    const short = placeholderFor(value, SECRET, 'x');
    const long = placeholderFor(value, SECRET, 'x', (placeholder) => placeholder === short);
    expect(long).toHaveLength(short.length + 1);
    expect(long.slice(0, short.length - 1)).toBe(short.slice(0, -1));
  });

  it('are not redacted themselves', () => {
    const redaction = aRedaction();
    const once = redaction.redact('dana@example.com, 4111 1111 1111 1111');
    expect(redaction.redact(once)).toBe(once);
  });

  it('come back in any case and with an underscore escaped for Markdown; others stay', () => {
    const redaction = aRedaction();
    const placeholder = redaction.redact('dana@example.com');
    expect(redaction.restore(placeholder.toLowerCase())).toBe('dana@example.com');
    expect(redaction.restore(placeholder.replace('_', '\\_'))).toBe('dana@example.com');
    expect(redaction.restore('[EMAIL_zzzzzz] [1] [EMAIL_]')).toBe('[EMAIL_zzzzzz] [1] [EMAIL_]');
  });
});

describe('what instructions say about a person', () => {
  const personal = 'Client: Dana\nEmail: dana@example.com';

  it('is hidden, and what the persona itself says stays, even when it is the same', () => {
    const instructions = `Be kind.\n\n${personal}\n\n${personal}\n\nREMEMBER: dana@example.com is a test.`;
    const redacted = aRedaction().redactRequest({ ...aRequest(), instructions, personal }).instructions;
    expect(redacted).toMatch(
      /^Be kind\.\n\nClient: Dana\nEmail: dana@example\.com\n\nClient: Dana\nEmail: \[EMAIL_[a-z]+\]\n\nREMEMBER: dana@example\.com is a test\.\n\nWords in/,
    );
  });

  it('stays as it is when there is nothing in it to hide', () => {
    const request = { ...aRequest(), instructions: 'Be kind.\n\nClient: Dana', personal: 'Client: Dana' };
    expect(aRedaction().redactRequest(request)).toBe(request);
  });
});

describe('a reply that comes in pieces', () => {
  it('is the same however it is cut, never tells a part of a placeholder, and holds back no more than that', async () => {
    const redaction = aRedaction();
    const [mail, card] = [redaction.redact('dana@example.com'), redaction.redact('4111 1111 1111 1111')];
    const whole = `[[${mail}] ${card}${mail} [EMAIL_x] [no [EMAIL_${'y'.repeat(40)} [CARD`;
    const expected = redaction.restore(whole);
    for (let seed = 1; seed <= 300; seed += 1) {
      const told: string[] = [];
      const reply = new RestoredReply(redaction, (text) => told.push(text));
      let random = seed;
      let sent = 0;
      while (sent < whole.length) {
        random = (random * 48_271) % 2_147_483_647;
        const size = 1 + (random % 9);
        reply.add(whole.slice(sent, sent + size));
        sent = Math.min(whole.length, sent + size);
        expect(redaction.restore(whole.slice(0, sent)).length - told.join('').length).toBeLessThanOrEqual(36);
      }
      await reply.end();
      expect(told.join('')).toBe(expected);
      expect(reply.text).toBe(expected);
    }
  });

  it('waits for a value that is looked up in the conversation, once, and keeps the order', async () => {
    const before = aRedaction().redact('dana@example.com');
    let lookUps = 0;
    const redaction = aRedaction('conversation:1', () => {
      lookUps += 1;
      return Promise.resolve(['I was dana@example.com']);
    });
    const told: string[] = [];
    const reply = new RestoredReply(redaction, (text) => told.push(text));
    for (const piece of ['a ', before, ' b ', '[EMAIL_zzzzzz]', ' c']) reply.add(piece);
    expect(told).toEqual(['a ']);
    await reply.end();
    expect(told.join('')).toBe('a dana@example.com b [EMAIL_zzzzzz] c');
    expect(lookUps).toBe(1);
  });

  it('goes on with the placeholder when the conversation cannot be read', async () => {
    const before = aRedaction().redact('dana@example.com');
    const redaction = aRedaction('conversation:1', () => Promise.reject(new Error('away')));
    const told: string[] = [];
    const reply = new RestoredReply(redaction, (text) => told.push(text));
    reply.add(`a ${before} b`);
    await reply.end();
    expect(told.join('')).toBe(`a ${before} b`);
  });
});

describe('a call with redaction', () => {
  const fake = new FakeOpenAI();
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());
  beforeEach(() => fake.reset());

  const call = async (
    content: string,
    change: Parameters<typeof aRequest>[0] = {},
  ): Promise<{ result: CompletionResult; deltas: string; calls: ToolCall[] }> => {
    const deltas: string[] = [];
    const calls: ToolCall[] = [];
    const result = await completeRedacted(
      aProvider(fake),
      aRedaction(),
      aRequest({ input: [{ role: 'user', content }], ...change }),
      {
        signal: new AbortController().signal,
        onDelta: (text) => void deltas.push(text),
        onToolCall: (tool) => void calls.push(tool),
      },
    );
    return { result, deltas: deltas.join(''), calls };
  };

  it('leaves the instructions alone, which are the words of the persona', async () => {
    const { result } = await call('I am dana@example.com', { instructions: 'You are help@example.com.' });
    expect(fake.requests[0]!.body.instructions).toMatch(/^You are help@example\.com\.\n\nWords in square brackets/);
    expect(result.text).toBe('You said: I am dana@example.com');
  });

  it('moves citations to where their words are now, and restores what tools were asked', async () => {
    const mail = aRedaction().redact('dana@example.com');
    const text = `${mail} is known [1].`;
    const at = text.indexOf('[1]');
    fake.next(
      scenarios.reply(text, {
        annotations: [
          {
            type: 'url_citation',
            url: 'https://example.com',
            title: `About ${mail}`,
            start_index: at,
            end_index: at + 3,
          },
        ],
        tools: [{ type: 'web_search_call', item: { action: { type: 'search', query: `who is ${mail}` } } }],
      }),
    );
    const { result, deltas, calls } = await call('I am dana@example.com', { tools: [{ type: 'web_search' }] });
    expect(deltas).toBe(result.text);
    const [citation] = result.citations;
    expect(result.text.slice(citation!.start_index, citation!.end_index)).toBe('[1]');
    expect(citation!.title).toBe('About dana@example.com');
    expect(JSON.stringify(result.toolCalls)).toContain('who is dana@example.com');
    expect(JSON.stringify(calls)).toContain('who is dana@example.com');
  });

  it('restores what a copy at the upstream remembers also in tool calls and citations, when the text has nothing of it', async () => {
    const mail = aRedaction().redact('dana@example.com');
    fake.next(
      scenarios.reply('Found [1].', {
        annotations: [{ type: 'url_citation', url: 'https://example.com', title: mail, start_index: 6, end_index: 9 }],
        tools: [{ type: 'web_search_call', item: { action: { type: 'search', query: `who is ${mail}` } } }],
      }),
    );
    const redaction = aRedaction('conversation:1', () => Promise.resolve(['I am dana@example.com']));
    const request = aRequest({ input: [{ role: 'user', content: 'Who am I?' }], tools: [{ type: 'web_search' }] });
    const hooks = { signal: new AbortController().signal, onDelta: () => undefined };
    const result = await completeRedacted(aProvider(fake), redaction, request, hooks);
    expect(JSON.stringify(result.toolCalls)).toContain('who is dana@example.com');
    expect(result.citations[0]!.title).toBe('dana@example.com');
  });

  it('keeps structured output JSON, whatever the value has in it', async () => {
    const secret = aRedaction().redact('Say "cheese"');
    fake.next(scenarios.reply(JSON.stringify({ word: secret })));
    const responseFormat = { name: 'word', schema: { type: 'object' }, strict: false };
    const { result } = await call('Say "cheese"', { responseFormat });
    expect(JSON.parse(result.text)).toEqual({ word: 'Say "cheese"' });
  });

  it('has the values in what was written until it was stopped', async () => {
    const placeholder = aRedaction().redact('dana@example.com');
    fake.next(
      scenarios.reply(undefined, {
        pieces: [`${placeholder} `, ...Array<string>(99).fill('and on ')],
        tokenDelayMs: 20,
      }),
    );
    const stop = new AbortController();
    const input = [{ role: 'user' as const, content: 'I am dana@example.com' }];
    const stopped = completeRedacted(aProvider(fake), aRedaction(), aRequest({ input }), {
      signal: stop.signal,
      onDelta: () => stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({
      code: 'UPSTREAM.CANCELLED',
      partialText: expect.stringMatching(/^dana@example\.com /) as string,
    });
  });
});
