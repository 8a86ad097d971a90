import { PiiDetector } from '../../libs/ai-gateway/src/redaction/detect/pii-detector';
import { COUNTRIES, PRIVATE_WORDS, readCorpus } from '../privacy/corpus';
import { Client, type SendAnswer } from '../support/client';
import { EventReader } from '../support/event-reader';
import { FakeOpenAI, type LoggedRequest, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';

const REDACTION = { types: ['email', 'phone', 'card', 'iban'], custom: PRIVATE_WORDS };
const PLACEHOLDER = /\[(?:EMAIL|PHONE|CARD|IBAN|PRIVATE)_[a-z]{6,}\]/g;
const RULE = 'copy them unchanged';

const detector = new PiiDetector({ types: ['email', 'phone', 'card', 'iban'], custom: PRIVATE_WORDS }, COUNTRIES);
const isSummary = (request: LoggedRequest): boolean =>
  request.headers['x-client-request-id']?.startsWith('summary-') === true;

/** Sentences of the corpus, several to a message, and the values in them that can be caught. */
const messages = (): { text: string; values: string[] }[] => {
  const sentences = readCorpus();
  const parts = Array.from({ length: Math.ceil(sentences.length / 20) }, (_, index) =>
    sentences
      .slice(index * 20, index * 20 + 20)
      .map(({ text }) => text)
      .join('\n'),
  );
  return parts.map((text) => ({
    text,
    values: detector.find(text).map(({ start, end }) => text.slice(start, end)),
  }));
};

describe.each(['responses', 'chat'] as const)('what the upstream gets to see (OPENAI_API=%s)', (api) => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let person: Client;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test-of-privacy',
      OPENAI_API: api,
      MAX_CONVERSATION_HISTORY: '4',
      PII_PHONE_COUNTRY: COUNTRIES.join(','),
      LOG_LEVEL: 'trace',
    });
    person = await Client.register(() => parley.url);
  });
  afterAll(async () => {
    await parley.stop();
    await upstream.stop();
  });
  beforeEach(() => upstream.reset());

  const aConversation = async (fields: Record<string, unknown> = {}): Promise<number> =>
    person.conversation(await person.persona({ pii_redaction: REDACTION, ...fields }));
  const say = async (conversation: number, text: string): Promise<SendAnswer> => {
    const { status, body } = await person.send(conversation, text);
    expect(status).toBe(200);
    return body;
  };
  /** Everything that has arrived there: prompts, summaries, copies. */
  const arrived = (): string =>
    JSON.stringify([upstream.requests.map(({ body }) => body), upstream.conversationRequests.map(({ body }) => body)]);
  const placeholders = (): string[] => arrived().match(PLACEHOLDER) ?? [];

  it('nothing of the corpus arrives there, neither in prompts nor in summaries, and the person sees all of it in the replies', async () => {
    const conversation = await aConversation();
    const all = messages();
    for (const { text } of all) {
      expect((await say(conversation, text)).assistant_message.content).toBe(`You said: ${text}`);
    }
    await eventually(
      () => upstream.requests.find((request) => isSummary(request) && request.outcome === 'completed'),
      'a summary',
    );
    const seen = arrived();
    // Near misses have some of these values in them, as parts of something else, and go as they are.
    const others = all
      .map(({ text, values }) => values.reduce((rest, value) => rest.replace(value, ''), text))
      .join('\n');
    const values = all.flatMap((message) => message.values).filter((value) => !others.includes(value));
    expect(values.length).toBeGreaterThan(150);
    expect(values.filter((value) => seen.includes(JSON.stringify(value).slice(1, -1)))).toEqual([]);
    expect(upstream.requests.filter(isSummary).some(({ body }) => JSON.stringify(body).match(PLACEHOLDER))).toBe(true);
  });

  it('logs of a whole run have no word of what was said, no value, no key, no token and no password', async () => {
    const conversation = await aConversation();
    await say(conversation, 'The walrus dances with dana@example.com');
    upstream.next(scenarios.error(400, { message: 'The walrus dances badly.' }));
    await say(conversation, 'And the walrus falls');
    const log = parley.log();
    expect(log).toContain('turn completed');
    expect(log).not.toMatch(/walrus|dana@example\.com|password123|sk-test-of-privacy/);
    expect(log).not.toContain(person.token);
    expect(log).not.toContain(person.refreshToken);
  });

  it('a value has the same placeholder in every turn, another one in another conversation', async () => {
    const [one, other] = [await aConversation(), await aConversation()];
    await say(one, 'I am dana@example.com');
    await say(one, 'Again: dana@example.com, and +49 170 1234567');
    const inOne = new Set(placeholders());
    expect([...inOne].sort()).toEqual([expect.stringMatching(/^\[EMAIL_/), expect.stringMatching(/^\[PHONE_/)]);
    upstream.reset();
    await say(other, 'I am dana@example.com');
    expect(placeholders()).toHaveLength(1);
    expect(inOne).not.toContain(placeholders()[0]);
  });

  it('the model is told about placeholders only when there are any, behind the instructions', async () => {
    const conversation = await aConversation();
    const instructionsOf = (request: LoggedRequest): string =>
      api === 'responses'
        ? (request.body.instructions as string)
        : (request.body.messages as { content: string }[])[0]!.content;
    await say(conversation, 'Hello');
    await say(conversation, 'I am dana@example.com');
    await say(conversation, 'Bye');
    const [first, second, third] = upstream.requests.map(instructionsOf);
    expect(first).not.toContain(RULE);
    expect(second!.startsWith(first!)).toBe(true);
    expect(second).toContain(RULE);
    expect(third).toBe(second);
  });

  it('streams the values at their places, also when a placeholder comes in pieces; an invented one stays as it is', async () => {
    const conversation = await aConversation();
    await say(conversation, 'I am dana@example.com');
    const [known] = placeholders();
    const pieces = ['Dear [', known!.slice(1, 4), known!.slice(4, -1), ']: see [EMAIL_zzzzzz] and [1', '] or ', '['];
    upstream.next(scenarios.reply(undefined, { pieces, tokenDelayMs: 300 }));
    const { body } = await person.request<{ id: number }>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'Who am I?' },
      { prefer: 'respond-async' },
    );
    const reader = await EventReader.open(`${parley.url}/chat/turns/${body.id}/events`, {
      headers: { authorization: `Bearer ${person.token}` },
    });
    expect(reader.response.status).toBe(200);
    await reader.ended;
    const expected = 'Dear dana@example.com: see [EMAIL_zzzzzz] and [1] or [';
    expect(reader.text).toBe(expected);
    expect(reader.last).toMatchObject({
      event: 'message.completed',
      data: { assistant_message: { content: expected } },
    });
    expect(reader.events.filter(({ event }) => event === 'message.delta').length).toBeGreaterThan(2);
  });

  it('keeps the values in what was written until it was stopped', async () => {
    const conversation = await aConversation();
    await say(conversation, 'I am dana@example.com');
    const [known] = placeholders();
    const pieces = [`${known} `, ...Array.from({ length: 200 }, () => 'and so on ')];
    upstream.next(scenarios.reply(undefined, { pieces, tokenDelayMs: 40 }));
    const { body } = await person.request<{ id: number }>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'Tell me' },
      { prefer: 'respond-async' },
    );
    await eventually(
      () => upstream.requests.find(({ lastUserMessage, pieces: sent }) => lastUserMessage === 'Tell me' && sent > 3),
      'the first pieces',
    );
    await person.request('POST', `/chat/turns/${body.id}/cancel`);
    const last = await eventually(
      async () => (await person.messages(conversation)).find(({ status }) => status === 'cancelled'),
      'the stopped reply',
    );
    expect(last.content).toMatch(/^dana@example\.com and/);
  });

  it('a preview hides the same, and shows the values', async () => {
    const persona = await person.persona({ pii_redaction: REDACTION });
    const { status, body } = await person.request<{ assistant_message: { content: string } }>(
      'POST',
      `/personas/${persona}/preview`,
      { content: 'I am dana@example.com' },
    );
    expect([status, body.assistant_message.content]).toEqual([200, 'You said: I am dana@example.com']);
    expect(arrived()).not.toContain('dana@example.com');
  });

  it('asks the upstream to store nothing', async () => {
    const conversation = await aConversation();
    await say(conversation, 'Hello');
    // Compatible servers of the older API do not know the field; see openai-chat.provider.spec.ts for OpenAI itself.
    expect(upstream.requests.filter((one) => !isSummary(one)).map(({ body }) => body.store)).toEqual([
      api === 'responses' ? false : undefined,
    ]);
  });

  if (api === 'responses') {
    it('sends the tier that the persona asks for', async () => {
      await say(await aConversation({ service_tier: 'flex' }), 'Hello');
      expect(upstream.requests[0]!.body.service_tier).toBe('flex');
    });

    it('a copy at the upstream holds placeholders; one from before our window is turned back, too', async () => {
      const conversation = await aConversation({ conversation_state: 'conversation' });
      await say(conversation, 'I am dana@example.com');
      const [known] = placeholders();
      for (const text of ['two', 'three', 'four', 'five']) await say(conversation, text);
      upstream.next(scenarios.reply(`You are ${known}, are you not?`));
      const { assistant_message: reply } = await say(conversation, 'Who am I?');
      expect(reply.content).toBe('You are dana@example.com, are you not?');
      expect(JSON.stringify(upstream.conversations.all())).not.toContain('dana@example.com');
      expect(arrived()).not.toContain('dana@example.com');
    });

    it('a copy that shows more than the persona wants by now is not used any more, and made again', async () => {
      const persona = await person.persona({ conversation_state: 'conversation' });
      const conversation = await person.conversation(persona);
      await say(conversation, 'I am dana@example.com');
      const [before] = upstream.conversations.all();
      expect(JSON.stringify(before)).toContain('dana@example.com');
      await person.request('PUT', `/personas/${persona}`, { pii_redaction: REDACTION });
      const { assistant_message: reply } = await say(conversation, 'Who am I?');
      expect(reply.status).toBe('completed');
      const used = upstream.requests.at(-1)!.body.conversation;
      expect(used).not.toBe(before!.id);
      const copy = upstream.conversations.all().find(({ id }) => id === used);
      expect(JSON.stringify(copy)).toMatch(PLACEHOLDER);
      expect(JSON.stringify(copy)).not.toContain('dana@example.com');
    });

    it('a copy that is made by request holds placeholders', async () => {
      const conversation = await aConversation({ conversation_state: 'hybrid' });
      await say(conversation, 'I am dana@example.com');
      const { status } = await person.request('POST', `/chat/conversations/${conversation}/openai`);
      expect(status).toBeLessThan(300);
      expect(arrived()).not.toContain('dana@example.com');
      expect(upstream.conversations.all().length).toBeGreaterThan(0);
    });
  }
});
