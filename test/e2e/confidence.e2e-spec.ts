import { Client as Postgres } from 'pg';
import { Client, type Message } from '../support/client';
import { inconsistencies } from '../support/consistency';
import { EventReader } from '../support/event-reader';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { SocketUser } from '../support/socket-user';
import { Visitor } from '../support/visitor';

const RESPONSE_FORMAT = {
  name: 'weather',
  strict: true,
  schema: {
    type: 'object',
    properties: { degrees: { type: 'number' } },
    required: ['degrees'],
    additionalProperties: false,
  },
};
const HANDED_OFF = 'I have asked a colleague to take over. Somebody will answer you here.';
type Judged = Message & { confidence: number | null };

describe.each(['responses', 'chat'] as const)('how sure the model is of its reply (%s)', (api) => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let person: Client;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      OPENAI_API: api,
      OPENAI_MAX_RETRIES: '0',
      // Its requests are told one by one what they get.
      ESCALATION_DRAFTS: 'false',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    person = await Client.register(() => parley.url);
  });
  afterAll(async () => {
    expect(await inconsistencies(sql)).toEqual([]);
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });
  beforeEach(() => upstream.reset());

  const workspaceOf = async (persona: number): Promise<number> =>
    (await sql.query<{ id: string }>('SELECT workspace_id AS id FROM personas WHERE id = $1', [persona])).rows.map(
      ({ id }) => Number(id),
    )[0]!;
  /** Rules of a persona, known to the worker, which is told by an event. */
  const rulesFor = async (persona: number, rules: Record<string, unknown> = {}): Promise<void> => {
    const query = `workspace_id=${await workspaceOf(persona)}&persona_id=${persona}`;
    const { status } = await person.request('PUT', `/escalations/rules?${query}`, rules);
    expect(status).toBe(200);
    await eventually(async () => {
      const { body } = await person.send(await person.conversation(persona), 'I want a refund');
      const turn = await person.request<{ escalation_reason: string | null }>('GET', `/chat/turns/${body.turn_id}`);
      return turn.body.escalation_reason === 'keyword' ? true : undefined;
    }, 'the worker to know the rules');
    upstream.log.clear();
  };
  const aConversation = async (
    rules: Record<string, unknown> | null,
    fields: Record<string, unknown> = {},
  ): Promise<number> => {
    const persona = await person.persona(fields);
    if (rules !== null) await rulesFor(persona, rules);
    return person.conversation(persona);
  };
  const formatOf = (index: number): unknown => {
    const { body } = upstream.requests[index]!;
    return api === 'responses' ? (body.text as { format?: unknown } | undefined)?.format : body.response_format;
  };
  const replyOf = async (conversation: number): Promise<Judged> =>
    (await person.messages(conversation)).filter(({ role }) => role === 'assistant').at(-1) as Judged;

  it('the reply streams while the JSON grows; confidence is kept with it, and shown', async () => {
    const conversation = await aConversation({ confidence_below: 0.2 });
    const text = 'Tea is "ready",\nat 5 o’clock. 😀 Shall I pour?';
    upstream.next(scenarios.reply(text, { confidence: 0.75, tokenDelayMs: 240 }));
    const reader = await EventReader.open(`${parley.url}/chat/conversations/${conversation}/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'Is there tea?' }),
    });
    await reader.ended;
    const deltas = reader.events.filter(({ event }) => event === 'message.delta').map(({ data }) => data.delta!);
    expect(deltas.length).toBeGreaterThan(2);
    expect(deltas.join('')).toBe(text);
    expect(reader.last).toMatchObject({
      event: 'message.completed',
      data: { assistant_message: { content: text, confidence: 0.75, status: 'completed' } },
    });
    expect(await replyOf(conversation)).toMatchObject({ content: text, confidence: 0.75 });
    const { rows } = await sql.query(
      'SELECT content, confidence FROM messages WHERE conversation_id = $1 AND turn_id IS NOT NULL',
      [conversation],
    );
    expect(rows).toEqual([{ content: text, confidence: 0.75 }]);
    expect((await person.request('GET', `/chat/turns/${reader.events[0]!.data.turn_id}`)).body).toMatchObject({
      escalation_reason: null,
    });
    // The next prompt has the words, and no JSON.
    await person.send(conversation, 'Yes, please.');
    const { input, messages } = upstream.requests.at(-1)!.body as { input?: unknown; messages?: unknown[] };
    // In Chat Completions, the instructions are the first message.
    expect(JSON.stringify(input ?? messages!.slice(1))).not.toMatch(/needs_human|confidence/);
  });

  it('a workspace without rules sends the request that it sent before, and nobody is asked how sure he is', async () => {
    const conversation = await aConversation(null);
    await person.send(conversation, 'Hello');
    const { body } = upstream.requests.at(-1)!;
    expect(JSON.stringify(body)).not.toMatch(/confidence|needs_human|json_schema/);
    expect(Object.keys(body).sort()).toEqual(
      api === 'responses'
        ? ['input', 'instructions', 'max_output_tokens', 'model', 'reasoning', 'store', 'stream', 'temperature']
        : ['max_completion_tokens', 'messages', 'model', 'reasoning_effort', 'stream', 'stream_options', 'temperature'],
    );
    expect(await replyOf(conversation)).toMatchObject({ content: 'You said: Hello', confidence: null });
  });

  it('a persona with a format of its own answers in that one', async () => {
    const conversation = await aConversation({}, { response_format: RESPONSE_FORMAT });
    upstream.next(scenarios.reply('{"degrees":21}'));
    await person.send(conversation, 'How warm is it?');
    expect(JSON.stringify(formatOf(0))).toContain('"weather"');
    expect(JSON.stringify(upstream.requests[0]!.body)).not.toContain('needs_human');
    expect(await replyOf(conversation)).toMatchObject({ content: '{"degrees":21}', confidence: null });
  });

  it('an upstream without structured outputs is asked for a last line: the person does not see it, the ledger counts both requests', async () => {
    const conversation = await aConversation({ confidence_below: 0.1 }, { model: 'plain' });
    upstream.alwaysFor(({ model, body }) => model === 'plain' && ('text' in body || 'response_format' in body), {
      type: 'refuse-param',
      param: api === 'responses' ? 'text' : 'response_format',
    });
    upstream.next(scenarios.reply('Words [and] brackets.', { confidence: 0.5 }));
    await person.send(conversation, 'Say something.');
    expect(await replyOf(conversation)).toMatchObject({ content: 'Words [and] brackets.', confidence: 0.5 });
    const { rows } = await sql.query<{ status: string }>(
      'SELECT status FROM model_calls WHERE conversation_id = $1 ORDER BY id',
      [conversation],
    );
    expect(rows).toEqual([{ status: 'failed' }, { status: 'succeeded' }]);
    expect(upstream.requests).toHaveLength(2);
    // A model that leaves the line out has not said how sure it is; that is no reason to take over.
    upstream.next(scenarios.reply('No line.', { isUnstructured: true }));
    await person.send(conversation, 'And now?');
    expect(await replyOf(conversation)).toMatchObject({ content: 'No line.', confidence: null });
    expect(upstream.requests).toHaveLength(3);
  });

  it('an answer that is cut at the limit keeps its text', async () => {
    const conversation = await aConversation({});
    upstream.next(scenarios.incomplete('This answer is cut'));
    await person.send(conversation, 'Go on');
    expect(await replyOf(conversation)).toMatchObject({
      content: 'This answer is cut',
      status: 'truncated',
      confidence: null,
    });
  });

  it('an answer that is stopped keeps what was shown, without JSON', async () => {
    const conversation = await aConversation({});
    upstream.next(scenarios.reply(undefined, { text: undefined, tokens: 200, tokenDelayMs: 50 }));
    const reader = await EventReader.open(`${parley.url}/chat/conversations/${conversation}/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'Count' }),
    });
    await reader.until(() => reader.text.includes('word3'));
    await person.request('POST', `/chat/turns/${reader.events[0]!.data.turn_id}/cancel`);
    await reader.ended;
    const { content, status } = await replyOf(conversation);
    expect(status).toBe('cancelled');
    expect(content).toMatch(/^word1 word2 word3 /);
    expect(content).not.toMatch(/[{}"]/);
    expect(content).toBe(reader.text);
  });

  it('a preview says it, too', async () => {
    const persona = await person.persona();
    await rulesFor(persona, {});
    upstream.always(scenarios.reply('Hello.', { confidence: 0.4, needsHuman: true }));
    const preview = await person.request('POST', `/personas/${persona}/preview`, { content: 'Hi' });
    expect(preview).toMatchObject({
      status: 200,
      body: { assistant_message: { content: 'Hello.', confidence: 0.4, needs_human: true } },
    });
  });

  it('an answer from the cache is as sure as it was, and one that asks for a person is not kept', async () => {
    const persona = await person.persona({ answer_cache: { ttl_seconds: 3_600 }, model: `cached-${api}` });
    await rulesFor(persona, { model_decides: true, confidence_below: null });
    const ask = async (content: string): Promise<Judged & { cached: boolean }> => {
      const conversation = await person.conversation(persona);
      await person.send(conversation, content);
      return (await replyOf(conversation)) as Judged & { cached: boolean };
    };
    upstream.next(scenarios.reply('At nine.', { confidence: 0.625 }));
    expect(await ask('When?')).toMatchObject({ confidence: 0.625, cached: false });
    expect(await ask('When?')).toMatchObject({ content: 'At nine.', confidence: 0.625, cached: true });
    upstream.next(scenarios.reply('A colleague knows.', { needsHuman: true }), scenarios.reply('Number 5.'));
    expect(await ask('Which?')).toMatchObject({ content: 'A colleague knows.' });
    expect(await ask('Which?')).toMatchObject({ content: 'Number 5.', cached: false });
  });

  describe('at the support door', () => {
    it('is told with the answer; under 0.5 people are asked to take over, and the visitor is told both', async () => {
      const visitor = await Visitor.begin(() => parley.url);
      upstream.next(
        scenarios.reply('Certainly.', { confidence: 0.8 }),
        scenarios.reply('Perhaps.', { confidence: 0.4 }),
      );
      expect((await visitor.send('Do you ship abroad?')).body).toMatchObject({
        message: 'Certainly.',
        confidence: 0.8,
        escalated: false,
        escalationReason: null,
      });
      const { body } = await visitor.send('Also to the moon?');
      expect(body).toMatchObject({
        message: `Perhaps.\n\n${HANDED_OFF}`,
        confidence: 0.4,
        escalated: true,
        escalationReason: 'low_confidence',
        status: 'completed',
        seq: 4,
      });
      const { messages } = (await visitor.history()).body;
      expect(messages.slice(-2)).toMatchObject([
        { role: 'assistant', content: 'Perhaps.', seq: 4 },
        { role: 'system', content: HANDED_OFF, seq: 5 },
      ]);
    });

    it('a word that calls for people escalates, and the model still answers', async () => {
      const visitor = await Visitor.begin(() => parley.url);
      upstream.next(scenarios.reply('I am sorry to hear that.', { confidence: 1 }));
      expect((await visitor.send('This is urgent!')).body).toMatchObject({
        message: `I am sorry to hear that.\n\n${HANDED_OFF}`,
        escalated: true,
        escalationReason: 'keyword',
      });
    });

    it('an answer that cannot be had is a reason, too', async () => {
      const visitor = await Visitor.begin(() => parley.url);
      upstream.next(scenarios.error(500));
      const { body } = await visitor.send('Hi');
      expect(body).toMatchObject({ status: 'fallback', confidence: null, escalated: true });
      expect(body.escalationReason).toBe('technical_error');
      expect(body.message).toContain(`\n\n${HANDED_OFF}`);
    });

    it('a visitor who reads along sees the same at the end, and the text alone on the way', async () => {
      const { sessionId } = await Visitor.begin(() => parley.url);
      upstream.next(scenarios.reply('One moment, please.', { needsHuman: true, tokenDelayMs: 50 }));
      const reader = await EventReader.open(`${parley.url}/api/v1/chat/message`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sessionId, message: 'Can you do it?' }),
      });
      await reader.ended;
      expect(reader.text).toBe('One moment, please.');
      expect(reader.last!.data).toMatchObject({
        message: `One moment, please.\n\n${HANDED_OFF}`,
        confidence: 0.9,
        escalated: true,
        escalationReason: 'model_decision',
      });
    });

    it('sockets hear how sure it was, and once that people were asked', async () => {
      const { sessionId } = await Visitor.begin(() => parley.url);
      const socket = await SocketUser.connect(parley.url, { sessionId });
      try {
        await socket.join({ sessionId });
        upstream.next(scenarios.reply('Hm.', { confidence: 0.25 }));
        await socket.ask('send-message', { sessionId, message: 'What now?' });
        const escalations = (): unknown[] => socket.of('escalation-needed');
        await socket.until(
          () => socket.messages().length >= 2 && escalations().length > 0,
          'reply, notice, escalation',
        );
        expect(socket.messages()).toMatchObject([
          { role: 'assistant', message: 'Hm.', confidence: 0.25, seq: 2 },
          { role: 'system', message: HANDED_OFF, seq: 3, turnId: null },
        ]);
        const conversationId = socket.messages()[0]!.conversationId;
        const { rows } = await sql.query<{ id: string }>('SELECT id FROM escalations WHERE conversation_id = $1', [
          conversationId,
        ]);
        expect(escalations()).toEqual([
          { sessionId, conversationId, escalationId: Number(rows[0]!.id), reason: 'low_confidence' },
        ]);
        // Said again while nobody has come: it is the same escalation.
        upstream.next(scenarios.reply('Still not.', { confidence: 0.25 }));
        await socket.ask('send-message', { sessionId, message: 'And now?' });
        await socket.until(() => socket.messages().some(({ message }) => message === 'Still not.'), 'the second reply');
        expect(escalations()).toHaveLength(1);
      } finally {
        socket.close();
      }
    });
  });
});
