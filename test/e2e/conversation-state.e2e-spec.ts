import { Client as Postgres } from 'pg';
import { Client, type TurnAnswer } from '../support/client';
import { type ContextMessage, FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { runJob } from '../support/run-job';

const user = (text: string): ContextMessage => ({ role: 'user', text });
const echo = (text: string): ContextMessage => ({ role: 'assistant', text: `You said: ${text}` });
/** What the model should have seen when the last of these was sent and all others were echoed. */
const talk = (...texts: string[]): ContextMessage[] =>
  texts.flatMap((text, index) => (index === texts.length - 1 ? [user(text)] : [user(text), echo(text)]));

interface Mapping {
  id: string | null;
  turn: number | null;
}

describe('conversation state', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let person: Client;

  beforeAll(async () => {
    const baseUrl = await upstream.start();
    parley = await startParley({
      OPENAI_BASE_URL: baseUrl,
      OPENAI_API_KEY: 'sk-test',
      OPENAI_TIMEOUT: '20000',
      OPENAI_MAX_RETRIES: '3',
      MAX_CONVERSATION_HISTORY: '200',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    person = await Client.register(() => parley.url);
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });
  beforeEach(() => upstream.reset());

  const startConversation = async (state: string | null): Promise<number> =>
    person.conversation(await person.persona({ conversation_state: state }));

  const mapping = async (conversationId: number): Promise<Mapping> =>
    (
      await sql.query<Mapping>(
        'SELECT openai_conversation_id AS id, openai_conversation_turn_id::int AS turn FROM conversations WHERE id = $1',
        [conversationId],
      )
    ).rows[0]!;

  /** Sends them one after the other; every one must be echoed. Returns what the model saw with the last one. */
  const say = async (conversationId: number, ...texts: string[]): Promise<ContextMessage[]> => {
    for (const text of texts) {
      const { status, body } = await person.send(conversationId, text);
      expect({ status, reply: body.assistant_message }).toMatchObject({
        status: 200,
        reply: { status: 'completed', content: `You said: ${text}` },
      });
    }
    return upstream.requests.at(-1)!.context;
  };

  const contexts = (): ContextMessage[][] => upstream.requests.map(({ context }) => context);

  const setState = async (conversationId: number, state: string): Promise<void> => {
    const { body } = await person.request<{ persona_id: number }>('GET', `/chat/conversations/${conversationId}`);
    const changed = await person.request('PUT', `/personas/${body.persona_id}`, { conversation_state: state });
    expect(changed.status).toBe(200);
  };

  /** As if its pauses were over. */
  const removeNow = async (): Promise<void> => {
    await sql.query('UPDATE openai_conversation_removals SET not_before = now()');
    await runJob(parley, 'openai-conversations.remove');
  };

  it('stateless is the default: history goes along, and nothing is stored at the upstream', async () => {
    const conversation = await startConversation(null);
    expect(await say(conversation, 'one', 'two', 'three')).toEqual(talk('one', 'two', 'three'));
    expect(upstream.requests.every(({ body }) => body.store === false && body.conversation === undefined)).toBe(true);
    expect(upstream.conversationRequests).toEqual([]);
    expect(await mapping(conversation)).toEqual({ id: null, turn: null });
  });

  it.each(['conversation', 'hybrid'])(
    '%s: one conversation at the upstream holds the context, and only the new message is sent',
    async (state) => {
      const conversation = await startConversation(state);
      await say(conversation, 'one', 'two', 'three');
      expect(contexts()).toEqual([talk('one'), talk('one', 'two'), talk('one', 'two', 'three')]);
      expect(upstream.requests.map(({ body }) => body.input)).toEqual(
        ['one', 'two', 'three'].map((text) => [{ role: 'user', content: text }]),
      );
      expect(new Set(upstream.requests.map(({ body }) => body.conversation)).size).toBe(1);
      for (const { body } of upstream.requests) {
        expect(body.store).not.toBe(false);
        expect(body.instructions).toContain('YOU ARE: Alex');
      }
      expect(upstream.conversationRequests).toHaveLength(1);
      const [remote] = upstream.conversations.all();
      expect(remote!.metadata).toEqual({ parley_conversation: String(conversation) });
      expect((await mapping(conversation)).id).toBe(remote!.id);
    },
  );

  it('switching between all of them in mid-conversation keeps the context', async () => {
    const conversation = await startConversation('stateless');
    const said = ['s1', 's2'];
    await say(conversation, ...said);
    for (const state of ['conversation', 'hybrid', 'stateless', 'hybrid', 'conversation']) {
      await setState(conversation, state);
      for (const text of [`${state} ${said.length}`, `${state} ${said.length + 1}`]) {
        said.push(text);
        expect(await say(conversation, text)).toEqual(talk(...said));
      }
    }
    await removeNow();
    await eventually(
      () => (upstream.conversations.all().length === 1 ? true : undefined),
      'the conversations that were let go to be deleted',
    );
  });

  it('a lost conversation is made again from our history in the same turn, and the ledger has both requests', async () => {
    const conversation = await startConversation('conversation');
    await say(conversation, 'one', 'two');
    const { id: lost } = await mapping(conversation);
    upstream.conversations.lose(lost!);
    const { body } = await person.send(conversation, 'three');
    expect(body.assistant_message).toMatchObject({ status: 'completed', content: 'You said: three' });
    expect(upstream.requests.at(-1)!.context).toEqual(talk('one', 'two', 'three'));
    const { rows } = await sql.query<{ status: string; error_code: string | null }>(
      'SELECT status, error_code FROM model_calls WHERE turn_id = $1 AND error_code IS DISTINCT FROM $2 ORDER BY attempt',
      [body.turn_id, 'UPSTREAM.BAD_REQUEST'],
    );
    expect(rows).toEqual([
      { status: 'failed', error_code: 'UPSTREAM.CONVERSATION_NOT_FOUND' },
      { status: 'succeeded', error_code: null },
    ]);
    expect((await mapping(conversation)).id).not.toBe(lost);
    expect(await say(conversation, 'four')).toEqual(talk('one', 'two', 'three', 'four'));
  });

  it.each(['conversation', 'hybrid'])(
    '%s: one that is lost again as soon as it is made stops nobody',
    async (state) => {
      const conversation = await startConversation(state);
      await say(conversation, 'one');
      const lost = scenarios.error(404, { code: null, message: "Conversation with id 'conv_x' not found." });
      upstream.next(lost, lost);
      expect(await say(conversation, 'two')).toEqual(talk('one', 'two'));
      expect(upstream.requests.at(-1)!.body.conversation === undefined).toBe(state === 'hybrid');
      expect(await say(conversation, 'three')).toEqual(talk('one', 'two', 'three'));
    },
  );

  it('a locked conversation is asked again after a short pause', async () => {
    const conversation = await startConversation('conversation');
    await say(conversation, 'one');
    upstream.conversations.lockedResponses = 2;
    expect(await say(conversation, 'two')).toEqual(talk('one', 'two'));
    expect(upstream.conversations.all()).toHaveLength(1);
    expect(upstream.conversations.all()[0]!.items).toHaveLength(4);
  });

  it.each(['conversation', 'hybrid'])('%s: a conversation that stays locked stops nobody', async (state) => {
    const conversation = await startConversation(state);
    await say(conversation, 'one');
    upstream.conversations.lockedResponses = 4;
    expect(await say(conversation, 'two')).toEqual(talk('one', 'two'));
    expect(upstream.requests.at(-1)!.body.conversation === undefined).toBe(state === 'hybrid');
    expect(await say(conversation, 'three')).toEqual(talk('one', 'two', 'three'));
  });

  it('a failed attempt that left its message behind is not heard twice', async () => {
    const conversation = await startConversation('conversation');
    await say(conversation, 'one');
    upstream.conversations.keepsInputOfFailedResponses = true;
    upstream.next(scenarios.cut(1));
    expect(await say(conversation, 'two')).toEqual(talk('one', 'two'));
    expect(await say(conversation, 'three')).toEqual(talk('one', 'two', 'three'));
  });

  it('a refusal such as 429 leaves the conversation as it was: it is used again', async () => {
    const conversation = await startConversation('conversation');
    await say(conversation, 'one');
    upstream.next(scenarios.rateLimited());
    expect(await say(conversation, 'two')).toEqual(talk('one', 'two'));
    expect(upstream.conversations.all()).toHaveLength(1);
  });

  it('kill -9 of the worker in mid-call: the next one sees every message once', async () => {
    const conversation = await startConversation('conversation');
    await say(conversation, 'one');
    upstream.conversations.keepsInputOfFailedResponses = true;
    upstream.next({ type: 'reply', text: 'never finished', tokenDelayMs: 20_000 });
    const sent = await person.request<TurnAnswer>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'two' },
      { prefer: 'respond-async' },
    );
    await upstream.waitForRequests(2, 20_000);
    await parley.worker.kill();
    await parley.startWorker();
    await eventually(async () => {
      const { body } = await person.request<TurnAnswer>('GET', `/chat/turns/${sent.body.id}`);
      return body.status === 'completed' ? body : undefined;
    }, 'the turn to complete');
    expect(upstream.requests.at(-1)!.context).toEqual(talk('one', 'two'));
    expect(await say(conversation, 'three')).toEqual(talk('one', 'two', 'three'));
  });

  it('a deleted message is in no later context, and the copy that holds it is removed', async () => {
    const conversation = await startConversation('conversation');
    await say(conversation, 'one', 'two');
    const copy = (await mapping(conversation)).id!;
    const [first] = await person.messages(conversation);
    expect((await person.request('DELETE', `/chat/messages/${first!.id}`)).status).toBe(204);
    expect(await say(conversation, 'three')).toEqual([echo('one'), user('two'), echo('two'), user('three')]);
    await removeNow();
    await eventually(
      () => (upstream.conversations.get(copy) === undefined ? true : undefined),
      'the copy to be removed',
    );
  });

  it('editing makes a branch: what it replaces is in no later context', async () => {
    const conversation = await startConversation('conversation');
    await say(conversation, 'one', 'two', 'three');
    const two = (await person.messages(conversation)).find(({ content }) => content === 'two')!;
    const edited = await person.request('PUT', `/chat/messages/${two.id}`, { content: 'second' });
    expect(edited.status).toBe(200);
    expect(upstream.requests.at(-1)!.context).toEqual(talk('one', 'second'));
    expect(await say(conversation, 'four')).toEqual(talk('one', 'second', 'four'));
    expect(upstream.conversationRequests.filter(({ path }) => path === '/v1/conversations')).toHaveLength(2);
  });

  it.each(['conversation', 'hybrid'])(
    '%s: a regenerated reply takes the place of the one before, also of an older message',
    async (state) => {
      const conversation = await startConversation(state);
      await say(conversation, 'one', 'two');
      const one = (await person.messages(conversation)).find(({ content }) => content === 'You said: one')!;
      upstream.next(scenarios.reply('Another one'));
      // Hybrid answers this one without a remote conversation, which must not be taken for the history afterwards.
      if (state === 'hybrid') upstream.alwaysConversations(scenarios.error(503));
      const regenerated = await person.request('POST', `/chat/messages/${one.id}/regenerate`);
      expect(regenerated.status).toBe(200);
      upstream.alwaysConversations(null);
      expect(upstream.requests.at(-1)!.context).toEqual(talk('one'));
      const expected = [
        user('one'),
        { role: 'assistant', text: 'Another one' },
        user('two'),
        echo('two'),
        user('three'),
      ];
      expect(await say(conversation, 'three')).toEqual(expected);
    },
  );

  it('what was written until it was stopped is part of the context, once', async () => {
    const conversation = await startConversation('conversation');
    await say(conversation, 'one');
    upstream.conversations.keepsInputOfFailedResponses = true;
    upstream.next({ type: 'reply', pieces: ['Begun ', 'and never ended'], tokenDelayMs: 20_000 });
    const sent = await person.request<TurnAnswer>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'two' },
      { prefer: 'respond-async' },
    );
    await upstream.log.waitFor(() => (upstream.requests[1]?.pieces ?? 0) > 0, 20_000);
    await eventually(async () => {
      const { body } = await person.request<TurnAnswer>('POST', `/chat/turns/${sent.body.id}/cancel`);
      return body.status === 'cancelled' ? body : undefined;
    }, 'the turn to be cancelled');
    const context = await say(conversation, 'three');
    expect(context.map(({ role, text }) => [role, text.trim()])).toEqual([
      ['user', 'one'],
      ['assistant', 'You said: one'],
      ['user', 'two'],
      ['assistant', 'Begun'],
      ['user', 'three'],
    ]);
  });

  it('more than 20 turns of history are replayed, in order, 20 items at a time', async () => {
    const conversation = await startConversation('stateless');
    const said = Array.from({ length: 23 }, (_, index) => `message ${index}`);
    await say(conversation, ...said);
    await setState(conversation, 'conversation');
    expect(await say(conversation, 'the last')).toEqual(talk(...said, 'the last'));
    const sizes = upstream.conversationRequests.map(({ body }) => (body.items as unknown[] | undefined)?.length ?? 0);
    expect(sizes).toEqual([0, 20, 20, 6]);
  });

  it('context too long: conversation goes on with less of the history, hybrid with our own', async () => {
    for (const state of ['conversation', 'hybrid']) {
      const conversation = await startConversation(state);
      await say(conversation, 'one');
      upstream.next(scenarios.contextTooLong());
      await say(conversation, 'two');
      expect(upstream.requests.at(-1)!.body.conversation === undefined).toBe(state === 'hybrid');
    }
  });

  it('erasure deletes the copy, also when the upstream was down meanwhile', async () => {
    await sql.query('DELETE FROM openai_conversation_removals');
    const conversation = await startConversation('conversation');
    await say(conversation, 'one');
    expect(upstream.conversations.all()).toHaveLength(1);
    upstream.alwaysConversations(scenarios.error(503));
    expect((await person.request('DELETE', `/chat/conversations/${conversation}`)).status).toBe(204);
    await removeNow();
    await eventually(
      () =>
        upstream.conversationRequests.some(({ method, status }) => method === 'DELETE' && status === 503)
          ? true
          : undefined,
      'the first try to fail',
    );
    expect(upstream.conversations.all()).toHaveLength(1);
    // Five failures are no passing trouble any more: health and log say so.
    await sql.query('UPDATE openai_conversation_removals SET attempts = 5');
    const health = await person.request('GET', '/chat/health');
    expect(health.body).toMatchObject({ copies_to_delete: { waiting: 1, failing: 1 } });
    upstream.alwaysConversations(null);
    await eventually(async () => {
      await removeNow();
      return upstream.conversations.all().length === 0 ? true : undefined;
    }, 'the copy to be removed');
    await eventually(
      async () => ((await sql.query('SELECT 1 FROM openai_conversation_removals')).rowCount === 0 ? true : undefined),
      'the outbox to be empty',
    );
  });

  it('a copy that was not used for long is removed; the next message makes a new one of our history', async () => {
    const old = await startConversation('conversation');
    const fresh = await startConversation('conversation');
    await say(old, 'one');
    await say(fresh, 'one');
    await sql.query(`UPDATE conversations SET openai_conversation_used_at = now() - interval '31 days' WHERE id = $1`, [
      old,
    ]);
    await runJob(parley, 'openai-conversations.forget-inactive');
    await eventually(async () => ((await mapping(old)).id === null ? true : undefined), 'the mapping to be dropped');
    expect((await mapping(fresh)).id).not.toBeNull();
    await removeNow();
    await eventually(() => (upstream.conversations.all().length === 1 ? true : undefined), 'the copy to be removed');
    expect(await say(old, 'two')).toEqual(talk('one', 'two'));
  });

  it('what cannot be read while a key is missing is not left out of the copy for good', async () => {
    const conversation = await startConversation('conversation');
    await sql.query('UPDATE conversations SET is_encrypted = true WHERE id = $1', [conversation]);
    await say(conversation, 'one');
    const rename = (from: string, to: string) =>
      sql.query(
        `UPDATE messages SET content = replace(content, 'enc:' || $2 || ':', 'enc:' || $3 || ':'), encryption_key = $3
         WHERE conversation_id = $1 AND encryption_key = $2 AND seq <= 2`,
        [conversation, from, to],
      );
    await rename('test', 'lost');
    upstream.conversations.lose((await mapping(conversation)).id!);
    const sent = await person.request<TurnAnswer>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'two' },
      { prefer: 'respond-async' },
    );
    // It has waited for the key in vain.
    const hasWaited = async (): Promise<true | undefined> => {
      const { rowCount } = await sql.query(
        `UPDATE turns SET held_ms = 600000, not_before = now() WHERE id = $1 AND held_ms > 0`,
        [sent.body.id],
      );
      return rowCount === 1 ? true : undefined;
    };
    await eventually(hasWaited, 'the turn to be held back');
    await eventually(async () => {
      const { body } = await person.request<TurnAnswer>('GET', `/chat/turns/${sent.body.id}`);
      return body.status === 'completed' ? true : undefined;
    }, 'the turn to be answered');
    expect(upstream.requests.at(-1)!.context).toEqual(talk('two'));
    await rename('lost', 'test');
    expect(await say(conversation, 'three')).toEqual(talk('one', 'two', 'three'));
  });

  it('a turn that fails for good leaves no doubt behind', async () => {
    const conversation = await startConversation('conversation');
    await say(conversation, 'one');
    upstream.next(scenarios.quotaExhausted());
    const { body } = await person.send(conversation, 'two');
    expect(body.assistant_message.status).toBe('fallback');
    expect(await say(conversation, 'three')).toEqual([...talk('one').concat(echo('one')), user('two'), user('three')]);
  });
});
