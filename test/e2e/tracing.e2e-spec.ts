import { randomBytes } from 'node:crypto';
import { Client } from '../support/client';
import { EventReader } from '../support/event-reader';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type CollectedSpan, FakeCollector } from '../support/otlp';
import { type Parley, startParley } from '../support/parley';
import { eventually, ParleyProcess } from '../support/process';

const SEND = 'POST /chat/conversations/:conversation_id/send';

/** A caller's place in a trace of its own. */
const aCaller = (flags = '01'): { traceId: string; spanId: string; traceparent: string } => {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
};
const named = (spans: CollectedSpan[], name: string): CollectedSpan[] => spans.filter((span) => span.name === name);
const has = (name: string, count: number) => (spans: CollectedSpan[]) => named(spans, name).length >= count;

describe('traces', () => {
  const upstream = new FakeOpenAI();
  const collector = new FakeCollector();
  let parley: Parley;
  let user: Client;
  let conversation: number;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test-traced',
      OPENAI_MODEL: 'gpt-6-luna',
      OTEL_EXPORTER_OTLP_ENDPOINT: await collector.start(),
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20collector-token-123,x-tenant=parley',
      OTEL_SERVICE_NAME: 'parley-test',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      LOG_LEVEL: 'debug',
      TURN_LEASE_MS: '4000',
      TURN_HEARTBEAT_MS: '500',
    });
    user = await Client.register(parley.url);
    conversation = await user.conversation();
  });
  afterAll(async () => {
    await parley.stop();
    await upstream.stop();
    await collector.stop();
  });

  it('a message is one trace: request, wait, attempt, prompt, model call, commit', async () => {
    const caller = aCaller();
    const { status } = await user.send(conversation, 'SECRET-WORDS of mine', { traceparent: caller.traceparent });
    expect(status).toBe(200);
    const spans = await collector.trace(
      caller.traceId,
      (found) => has(SEND, 1)(found) && has('turn.attempt', 1)(found),
    );
    const tree = spans.map(({ name, spanId, parentSpanId, kind }) => ({
      name,
      kind,
      parent: parentSpanId === caller.spanId ? 'caller' : spans.find((span) => span.spanId === parentSpanId)?.name,
      spanId,
    }));
    expect(tree.map(({ name, kind, parent }) => ({ name, kind, parent }))).toEqual(
      expect.arrayContaining([
        { name: SEND, kind: 'server', parent: 'caller' },
        { name: 'turn.wait', kind: 'internal', parent: SEND },
        { name: 'turn.attempt', kind: 'consumer', parent: SEND },
        { name: 'prompt.build', kind: 'internal', parent: 'turn.attempt' },
        { name: 'chat gpt-6-luna', kind: 'client', parent: 'turn.attempt' },
        { name: 'turn.commit', kind: 'internal', parent: 'turn.attempt' },
      ]),
    );
    expect(spans).toHaveLength(6);
    expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['parley-test']));
    for (const span of spans) expect(span.endedAt).toBeGreaterThanOrEqual(span.startedAt);
  });

  it('the spans say what operators ask for, and nothing that anybody wrote', async () => {
    const caller = aCaller();
    const { body } = await user.send(conversation, 'SECRET-WORDS again', { traceparent: caller.traceparent });
    const spans = await collector.trace(caller.traceId, (found) => found.length === 6);
    expect(named(spans, SEND)[0]!.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/chat/conversations/:conversation_id/send',
      'http.response.status_code': 200,
    });
    const [request] = upstream.requests.filter(({ lastUserMessage }) => lastUserMessage === 'SECRET-WORDS again');
    expect(named(spans, 'chat gpt-6-luna')[0]!.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-6-luna',
      'gen_ai.response.model': 'gpt-6-luna',
      'gen_ai.usage.input_tokens': request!.usage!.input,
      'gen_ai.usage.output_tokens': request!.usage!.output,
    });
    expect(named(spans, 'turn.attempt')[0]!.attributes).toMatchObject({
      'parley.turn_id': body.turn_id,
      'parley.attempt': 1,
      'parley.is_takeover': false,
    });
    const sent = Buffer.concat(collector.bodies).toString('latin1');
    for (const secret of ['SECRET-WORDS', 'You said', 'password123', '@example.com', 'sk-test-traced', user.token]) {
      expect(sent).not.toContain(secret);
    }
    expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer collector-token-123', 'x-tenant': 'parley' });
  });

  it('the model API is not told of the trace', () => {
    expect(upstream.log.entries.length).toBeGreaterThan(0);
    for (const { headers } of upstream.log.entries) {
      expect(Object.keys(headers).filter((name) => /^(traceparent|tracestate|baggage)$/.test(name))).toEqual([]);
    }
  });

  it('log lines of both processes carry the trace', async () => {
    const caller = aCaller();
    await user.send(conversation, 'logged', { traceparent: caller.traceparent });
    for (const process of [parley.api, parley.worker]) {
      await eventually(
        () => process.log.includes(`"trace_id":"${caller.traceId}"`) || undefined,
        `${process.app} to log`,
      );
    }
  });

  it('a retry is a second attempt in the same trace, and the first one has its error', async () => {
    const caller = aCaller();
    upstream.next(scenarios.error(500));
    await user.send(conversation, 'try twice', { traceparent: caller.traceparent });
    const spans = await collector.trace(
      caller.traceId,
      (found) => has('turn.attempt', 2)(found) && has(SEND, 1)(found),
    );
    const [first, second] = named(spans, 'turn.attempt');
    expect(first).toMatchObject({ isError: true, attributes: { 'parley.attempt': 1, 'parley.result': 'postponed' } });
    expect(first!.attributes['error.type']).toBe('UPSTREAM.SERVER_ERROR');
    expect(second).toMatchObject({ isError: false, attributes: { 'parley.attempt': 2 } });
    const [server] = named(spans, SEND);
    expect([first!.parentSpanId, second!.parentSpanId]).toEqual([server!.spanId, server!.spanId]);
    const calls = named(spans, 'chat gpt-6-luna');
    expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual([first!.spanId, second!.spanId]);
    expect(calls.map(({ attributes }) => attributes['error.type'])).toEqual(['UPSTREAM.SERVER_ERROR', undefined]);
  });

  it('when a worker is killed, the one that takes over goes on with the same trace', async () => {
    const caller = aCaller();
    const before = upstream.requests.length;
    upstream.next({ type: 'hang', at: 'headers' });
    const answer = user.send(conversation, 'taken over', { traceparent: caller.traceparent });
    await upstream.waitForRequests(before + 1);
    await parley.worker.kill('SIGKILL');
    await parley.startWorker();
    expect((await answer).status).toBe(200);
    const spans = await collector.trace(
      caller.traceId,
      (found) => has('turn.attempt', 1)(found) && has(SEND, 1)(found),
    );
    const [server] = named(spans, SEND);
    // The one that was killed could not tell of its attempt.
    expect(named(spans, 'turn.attempt')).toMatchObject([
      { parentSpanId: server!.spanId, attributes: { 'parley.attempt': 2, 'parley.is_takeover': true } },
    ]);
  });

  it('regenerations, refusals and unknown routes are traced; probes are not; a broken traceparent begins a trace', async () => {
    const [caller, stranger] = [aCaller(), aCaller()];
    const [, reply] = await user.messages(conversation);
    await user.request('POST', `/chat/messages/${reply!.id}/regenerate`, undefined, {
      traceparent: caller.traceparent,
    });
    const spans = await collector.trace(caller.traceId, (found) => has('turn.attempt', 1)(found) && found.length === 6);
    expect(named(spans, 'POST /chat/messages/:message_id/regenerate')).toHaveLength(1);
    await fetch(`${parley.url}/no/such/secret-path?q=secret-query`, { headers: { traceparent: stranger.traceparent } });
    const [unknown] = await collector.trace(stranger.traceId, (found) => found.length === 1);
    expect(unknown).toMatchObject({ name: 'GET', attributes: { 'http.response.status_code': 404 }, isError: false });
    const probe = aCaller();
    await fetch(`${parley.url}/health/live`, { headers: { traceparent: probe.traceparent } });
    await fetch(`${parley.url}/chat/stats`, { headers: { traceparent: 'rubbish' } });
    await eventually(() => named(collector.spans, 'GET /chat/stats')[0], 'the span of the refused request');
    expect(collector.spans.filter(({ traceId }) => traceId === probe.traceId)).toEqual([]);
    const sent = Buffer.concat(collector.bodies).toString('latin1');
    expect(sent).not.toMatch(/secret-path|secret-query/);
  });

  it('who hangs up in the middle of an answer ends its span', async () => {
    const caller = aCaller();
    const { body: persona } = await user.request<{ id: number }>('POST', '/personas', { name: 'Alex' });
    const reader = await EventReader.open(`${parley.url}/personas/${persona.id}/preview`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${user.token}`,
        'content-type': 'application/json',
        traceparent: caller.traceparent,
      },
      body: JSON.stringify({ content: 'Long [[fake:slow tokens=400 delay=50]]' }),
    });
    await reader.until(({ event }) => event === 'message.delta');
    reader.disconnect();
    const spans = await collector.trace(caller.traceId, (found) => found.length === 2);
    const [server] = named(spans, 'POST /personas/:persona_id/preview');
    expect(server).toMatchObject({
      isError: false,
      attributes: { 'http.response.status_code': 200, 'parley.is_cut_off': true },
    });
    expect(named(spans, 'chat gpt-6-luna')).toMatchObject([
      { parentSpanId: server!.spanId, attributes: { 'error.type': 'UPSTREAM.CANCELLED' } },
    ]);
  });

  it('what a caller does not record is not recorded here', async () => {
    const [unrecorded, recorded] = [aCaller('00'), aCaller()];
    await user.send(conversation, 'unrecorded', { traceparent: unrecorded.traceparent });
    await user.send(conversation, 'recorded', { traceparent: recorded.traceparent });
    await collector.trace(recorded.traceId, (found) => found.length === 6);
    expect(collector.spans.filter(({ traceId }) => traceId === unrecorded.traceId)).toEqual([]);
  });

  it('what waits is sent when a process ends', async () => {
    const late = await ParleyProcess.start('api', { ...parley.settings, OTEL_BSP_SCHEDULE_DELAY: '600000' });
    const caller = aCaller();
    await fetch(`${late.url}/chat/stats`, { headers: { traceparent: caller.traceparent } });
    await late.kill('SIGTERM');
    await collector.trace(caller.traceId, (found) => found.length === 1);
  });
});

describe('without a collector that answers', () => {
  it('messages are answered as ever, the log says it seldom, and processes end in time', async () => {
    const upstream = new FakeOpenAI();
    const parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:1/v1/traces',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    });
    try {
      const user = await Client.register(parley.url);
      const conversation = await user.conversation();
      for (let index = 0; index < 20; index += 1) {
        expect((await user.send(conversation, `message ${index}`)).status).toBe(200);
      }
      const complaints = (): number => parley.log().split('traces could not be sent').length - 1;
      await eventually(() => (complaints() > 0 ? true : undefined), 'the log to say it');
      expect(complaints()).toBeLessThanOrEqual(6);
      const startedAt = performance.now();
      await Promise.all([parley.api.kill('SIGTERM'), parley.worker.kill('SIGTERM')]);
      expect(performance.now() - startedAt).toBeLessThan(14_000);
      expect([parley.api.child.exitCode, parley.worker.child.exitCode]).not.toContain(1);
    } finally {
      await parley.stop();
      await upstream.stop();
    }
  });

  it('wrong settings stop the start, with the fix', async () => {
    await expect(
      ParleyProcess.start('api', {
        DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
        SECRET_KEY: 'x'.repeat(40),
        ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
        OTEL_TRACES_SAMPLER_ARG: '2',
      }),
    ).rejects.toThrow(/OTEL_EXPORTER_OTLP_PROTOCOL: must be one of: http\/protobuf[\s\S]*OTEL_TRACES_SAMPLER_ARG/);
  });
});
