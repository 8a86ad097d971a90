import { Client as Postgres } from 'pg';
import { Client, type TurnAnswer } from '../support/client';
import { EventReader } from '../support/event-reader';
import { FakeOpenAI, type LoggedRequest, type Scenario, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { flawsOf } from '../support/transcript';

interface LedgerRow {
  status: string;
  error_code: string | null;
  http_status: number | null;
  total_tokens: number | null;
  /** Since the attempt before it had ended, in milliseconds; null for the first. */
  waited_ms: number | null;
}

/** Everything that can be seen of one message: by its sender, in the books, at the upstream. */
interface Observed {
  reader: EventReader;
  kinds: string[];
  reply: { content: string; status: string; error_code?: string | null; tokens_used?: number | null };
  turn: TurnAnswer;
  ledger: LedgerRow[];
  requests: readonly LoggedRequest[];
}

interface Row {
  /** What the upstream does, in the words of its documentation. */
  does: string;
  scenario: Scenario;
  code: string;
  /** Text was shown before it failed, so that it has to be taken back. */
  showsText?: boolean;
  only?: 'responses' | 'chat';
}

/** For what makes a model wait, so that nothing else waits with it. */
const OTHER_MODEL = 'gpt-6-sol';

const FALLBACK_GIVES_AWAY = /key|quota|billing|model|sk-|token|context|conversation_locked/i;

/** Passing faults: tried again, and only the whole reply is shown. */
const PASSING: Row[] = [
  { does: 'ends a stream without a terminal event, after text', scenario: scenarios.cut(2), code: 'UPSTREAM.CUT', showsText: true },
  { does: 'ends a stream without a terminal event, before text', scenario: scenarios.cut(0), code: 'UPSTREAM.CUT' },
  { does: 'ends a stream as failed, after text', scenario: scenarios.failed('server_error', 2), code: 'UPSTREAM.SERVER_ERROR', showsText: true },
  { does: 'ends a stream as failed, before text', scenario: scenarios.failed(), code: 'UPSTREAM.SERVER_ERROR' },
  { does: 'sends an error inside the stream, after text', scenario: scenarios.streamError(2), code: 'UPSTREAM.SERVER_ERROR', showsText: true },
  { does: 'sends an error inside the stream, before text', scenario: scenarios.streamError(), code: 'UPSTREAM.SERVER_ERROR' },
  { does: 'reports a rate limit inside the stream', scenario: scenarios.streamError(0, 'rate_limit_exceeded'), code: 'UPSTREAM.RATE_LIMITED' },
  { does: 'says nothing at all', scenario: scenarios.hang('headers'), code: 'UPSTREAM.STALLED' },
  { does: 'stalls in mid-stream', scenario: scenarios.hang('stream', 2), code: 'UPSTREAM.STALLED', showsText: true },
  { does: 'sends nothing but keep-alive comments', scenario: scenarios.keepAliveOnly(), code: 'UPSTREAM.STALLED' },
  { does: 'resets the socket in mid-stream', scenario: scenarios.reset(2), code: 'UPSTREAM.CUT', showsText: true },
  { does: 'resets the socket before any header', scenario: { type: 'reset-before-headers' }, code: 'UPSTREAM.CUT' },
  { does: 'answers 500', scenario: scenarios.error(500), code: 'UPSTREAM.SERVER_ERROR' },
  { does: 'answers 503', scenario: scenarios.error(503), code: 'UPSTREAM.OVERLOADED' },
  { does: 'answers 429 and says no time', scenario: scenarios.rateLimited(), code: 'UPSTREAM.RATE_LIMITED' },
  {
    does: 'answers 400 conversation_locked',
    scenario: scenarios.error(400, { code: 'conversation_locked', message: 'Another process is currently operating on this conversation.' }),
    code: 'UPSTREAM.CONVERSATION_LOCKED',
    only: 'responses',
  },
  { does: 'answers without any text', scenario: scenarios.empty(), code: 'UPSTREAM.EMPTY_ANSWER' },
]; // prettier-ignore

/** What no repetition mends: one request, and plain words that give nothing away. */
const PERMANENT: Row[] = [
  { does: '429 insufficient_quota', scenario: scenarios.quotaExhausted(), code: 'UPSTREAM.QUOTA_EXHAUSTED' },
  { does: '401', scenario: scenarios.error(401), code: 'UPSTREAM.UNAUTHORIZED' },
  { does: '403', scenario: scenarios.error(403), code: 'UPSTREAM.FORBIDDEN' },
  { does: '404 for the model', scenario: scenarios.error(404), code: 'UPSTREAM.MODEL_NOT_FOUND' },
  { does: '400 for the request', scenario: scenarios.error(400), code: 'UPSTREAM.BAD_REQUEST' },
  {
    does: 'insufficient_quota inside the stream, after text',
    scenario: scenarios.streamError(2, 'insufficient_quota'),
    code: 'UPSTREAM.QUOTA_EXHAUSTED',
    showsText: true,
  },
  {
    does: 'an answer that the content filter has cut',
    scenario: scenarios.reply('Something that', { finish: 'content_filter' }),
    code: 'UPSTREAM.CONTENT_FILTERED',
    showsText: true,
  },
];

describe.each(['responses', 'chat'] as const)(
  'what the upstream does, and what becomes of it (OPENAI_API=%s)',
  (api) => {
    const upstream = new FakeOpenAI();
    let parley: Parley;
    let sql: Postgres;
    let user: Client;

    beforeAll(async () => {
      const baseUrl = await upstream.start();
      parley = await startParley({
        OPENAI_BASE_URL: baseUrl,
        OPENAI_API_KEY: 'sk-test',
        OPENAI_API: api,
        OPENAI_TIMEOUT: '3000',
        OPENAI_TOTAL_TIMEOUT: '20000',
        OPENAI_MAX_RETRIES: '3',
      });
      sql = new Postgres({ connectionString: parley.database.url });
      // Dropping the database at the end ends this connection from the other side.
      sql.on('error', () => undefined);
      await sql.connect();
      user = await Client.register(() => parley.url);
      // With the first message to a model the worker learns which fields this server refuses; those attempts are not meant here.
      await user.send(await user.conversation(), 'warm up');
      await user.send(await user.conversation(await user.persona({ model: OTHER_MODEL })), 'warm up');
    });
    afterAll(async () => {
      await sql?.end();
      await parley?.stop();
      await upstream.stop();
    });
    beforeEach(() => upstream.reset());

    const rowsFor = (rows: readonly Row[]): [string, Row][] =>
      rows.filter(({ only }) => only === undefined || only === api).map((row) => [row.does, row]);
    const ledgerOf = async (turnId: number): Promise<LedgerRow[]> =>
      (
        await sql.query<LedgerRow>(
          `SELECT status, error_code, http_status, total_tokens,
           (extract(epoch FROM started_at - lag(ended_at) OVER (ORDER BY attempt)) * 1000)::float8 AS waited_ms
         FROM model_calls WHERE turn_id = $1 ORDER BY attempt`,
          [turnId],
        )
      ).rows;

    async function observe(...answers: Scenario[]): Promise<Observed> {
      upstream.next(...answers);
      const conversation = await user.conversation();
      const reader = await EventReader.open(`${parley.url}/chat/conversations/${conversation}/send`, {
        method: 'POST',
        headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ content: 'hello' }),
      });
      await reader.ended;
      expect(flawsOf(reader.events)).toEqual([]);
      const turnId = reader.last!.data.turn_id;
      const { body: turn } = await user.request<TurnAnswer>('GET', `/chat/turns/${turnId}`);
      const messages = await user.messages(conversation);
      expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
      // Whoever streams, asks later or lists the messages is told the same.
      const reply = messages[1]!;
      expect(turn.assistant_message).toMatchObject({ content: reply.content, status: reply.status });
      expect(reader.last!.data.assistant_message).toMatchObject({ content: reply.content, status: reply.status });
      return {
        reader,
        kinds: reader.events.map(({ event }) => event),
        reply,
        turn,
        ledger: await ledgerOf(turnId),
        requests: upstream.requests,
      };
    }

    const resets = ({ kinds }: Observed): number => kinds.filter((kind) => kind === 'message.reset').length;

    it.each(rowsFor(PASSING))('%s: it is tried again, and only the whole reply stays', async (_does, row) => {
      const seen = await observe(row.scenario);
      expect(seen.reply).toMatchObject({ status: 'completed', content: 'You said: hello' });
      expect(seen.turn).toMatchObject({ status: 'completed', attempt: 2, error: null });
      expect(seen.requests).toHaveLength(2);
      expect(seen.ledger.map(({ status, error_code: code }) => [status, code])).toEqual([
        ['failed', row.code],
        ['succeeded', null],
      ]);
      // Tokens are what the upstream said; of an attempt that broke off, nobody knows.
      const usageOf = (request: LoggedRequest): number | null => request.usage?.total ?? null;
      expect(seen.ledger.map(({ total_tokens: tokens }) => tokens)).toEqual(seen.requests.map(usageOf));
      expect(seen.reply.tokens_used).toBe(seen.ledger[1]!.total_tokens);
      expect(seen.reader.last!.event).toBe('message.completed');
      expect(resets(seen)).toBe(row.showsText === true ? 1 : 0);
    });

    it.each(rowsFor(PERMANENT))('%s: it is not tried again, and the user gets plain words', async (_does, row) => {
      const seen = await observe(row.scenario);
      expect(seen.reply).toMatchObject({ status: 'fallback', error_code: row.code, tokens_used: null });
      expect(seen.reply.content).not.toMatch(FALLBACK_GIVES_AWAY);
      expect(seen.turn).toMatchObject({ status: 'failed', attempt: 1, error: { code: row.code } });
      expect(seen.requests).toHaveLength(1);
      expect(seen.ledger.map(({ status, error_code: code }) => [status, code])).toEqual([['failed', row.code]]);
      expect(seen.reader.last).toMatchObject({ event: 'turn.failed', data: { error: { code: row.code } } });
      expect(seen.kinds.includes('message.delta')).toBe(row.showsText === true);
    });

    it('a reply that is cut at the token limit is kept, and marked', async () => {
      const seen = await observe(scenarios.incomplete('This answer is cut'));
      expect(seen.reply).toMatchObject({ status: 'truncated', content: 'This answer is cut' });
      expect(seen.turn.status).toBe('completed');
      expect(seen.requests).toHaveLength(1);
      expect(seen.ledger).toMatchObject([{ status: 'succeeded', total_tokens: seen.requests[0]!.usage!.total }]);
      expect(seen.kinds.at(-1)).toBe('message.completed');
    });

    it('an event type from the future is passed over', async () => {
      const seen = await observe(scenarios.reply('as ever', { unknownEvents: true }));
      expect(seen.reply).toMatchObject({ status: 'completed', content: 'as ever' });
      expect(seen.requests).toHaveLength(1);
      expect(resets(seen)).toBe(0);
    });

    it('a refusal without any text is the reply', async () => {
      const seen = await observe(scenarios.refusal('I will not do that.'));
      expect(seen.reply).toMatchObject({ status: 'completed', content: 'I will not do that.', error_code: null });
      expect(seen.reader.text).toBe('I will not do that.');
      expect(seen.ledger).toMatchObject([{ status: 'succeeded' }]);
    });

    it('an answer without usage has unknown tokens, not 0', async () => {
      const seen = await observe(scenarios.withoutUsage());
      expect(seen.reply).toMatchObject({ status: 'completed', tokens_used: null });
      expect(seen.ledger).toMatchObject([{ status: 'succeeded', total_tokens: null }]);
    });

    it.each([
      ['seconds', () => '2'],
      ['an HTTP date', () => new Date(Date.now() + 6000).toUTCString()],
    ])('429 with Retry-After in %s is tried again after that time, and not before', async (_form, retryAfter) => {
      const asked = retryAfter();
      const askedAt = Date.now();
      const seen = await observe(scenarios.rateLimited(asked));
      const untilMs = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - askedAt;
      expect(seen.reply.status).toBe('completed');
      expect(seen.requests).toHaveLength(2);
      // A number of seconds counts from the answer on, a date does not.
      const from = asked === '2' ? seen.requests[0]!.receivedAt : askedAt;
      expect(seen.requests[1]!.receivedAt - from).toBeGreaterThanOrEqual(untilMs - 1000);
      expect(seen.requests[1]!.receivedAt - askedAt).toBeGreaterThanOrEqual(untilMs);
      expect(seen.ledger.map(({ error_code: code }) => code)).toEqual(['UPSTREAM.RATE_LIMITED', null]);
      expect(resets(seen)).toBe(0);
    });

    it('Retry-After: 90 is honoured: the turn says when it goes on, nothing is sent before, and it can be cancelled meanwhile', async () => {
      const conversation = await user.conversation(await user.persona({ model: OTHER_MODEL }));
      upstream.next(scenarios.rateLimited(90));
      const path = `/chat/conversations/${conversation}/send`;
      const sent = await user.request<TurnAnswer>('POST', path, { content: 'hello' }, { prefer: 'respond-async' });
      const turn = await eventually(async () => {
        const { body } = await user.request<TurnAnswer & { retry_at: string | null }>(
          'GET',
          `/chat/turns/${sent.body.id}`,
        );
        return body.retry_at === null ? undefined : body;
      }, 'the turn to be put off');
      const waitMs = Date.parse(turn.retry_at!) - upstream.requests[0]!.receivedAt;
      expect(waitMs).toBeGreaterThanOrEqual(90_000 - 50);
      expect(waitMs).toBeLessThan(100_000);
      expect(turn).toMatchObject({ status: 'pending', attempt: 1 });
      const cancelled = await user.request<TurnAnswer>('POST', `/chat/turns/${turn.id}/cancel`);
      expect(cancelled.body).toMatchObject({ status: 'cancelled', assistant_message: null });
      expect(upstream.requests).toHaveLength(1);
      expect(await ledgerOf(turn.id)).toMatchObject([
        { status: 'failed', error_code: 'UPSTREAM.RATE_LIMITED', http_status: 429 },
      ]);
    });

    it('an upstream that goes on failing is given up visibly, and the next message is answered without a trace of it', async () => {
      const seen = await observe(...Array.from({ length: 4 }, () => scenarios.error(503)));
      expect(seen.reply).toMatchObject({ status: 'fallback', error_code: 'UPSTREAM.OVERLOADED' });
      expect(seen.requests).toHaveLength(4);
      expect(seen.ledger).toHaveLength(4);
      const conversation = (seen.turn as TurnAnswer & { conversation_id: number }).conversation_id;
      const next = await user.send(conversation, 'better luck');
      expect(next.body.assistant_message.content).toBe('You said: better luck');
      expect(JSON.stringify(upstream.requests.at(-1)!.body)).not.toContain(seen.reply.content);
    });
  },
);
