import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import { aPerson, type FakePerson, graphError, instagramText, sendHook } from '../support/fake-graph';
import { scenarios } from '../support/fake-openai';
import { eventually } from '../support/process';
import { Agent, type EscalationView } from '../support/team';

interface Letter {
  id: number;
  conversation_id: number;
  author: string;
  status: string;
  reason: string | null;
  attempts: number;
  next_attempt_at: string | null;
}

const WAIT_MS = 40_000;

/** What Meta takes, refuses and tells afterwards, seen from its side: over HTTP, from running processes. */
describe('what Meta gets, and what it says to that', () => {
  const fleet = new ChannelFleet();
  const { graph } = fleet;
  let channel: OpenChannel;
  let gram: OpenChannel;
  let person: FakePerson;

  beforeAll(() => fleet.start());
  afterAll(() => fleet.stop());
  afterEach(() => fleet.quiet());
  beforeEach(async () => {
    fleet.reset();
    [channel, gram] = [await fleet.open(), await fleet.open('instagram')];
    person = aPerson();
  });

  const texts = (who = person): string[] =>
    graph.messages.filter(({ to }) => to === who.phone || to === who.scopedId).map(({ text }) => text);
  const attempts = (): number => graph.calls.filter(({ kind }) => kind === 'message').length;
  const sayTo = (of: OpenChannel, text: string): Promise<unknown> =>
    of.account.channel === 'whatsapp'
      ? fleet.say(of, person, text)
      : fleet.hook(of, instagramText(of.account, person, text));
  const letters = async (of: OpenChannel): Promise<Letter[]> =>
    (await of.owner.request<{ messages: Letter[] }>('GET', `/channels/${of.id}/outbox`)).body.messages.reverse();
  const lettersAre = (of: OpenChannel, ...statuses: string[]): Promise<Letter[]> =>
    eventually(
      async () => {
        const found = await letters(of);
        return found.map(({ status }) => status).join() === statuses.join() ? found : undefined;
      },
      `the outbox to be ${statuses.join()}`,
      WAIT_MS,
    );
  /** The clock is not ours to turn: what waits is due. */
  const skipPauses = (of: OpenChannel): Promise<unknown> =>
    fleet.sql.query(
      `UPDATE channel_outbox SET next_attempt_at = now() WHERE channel_id = $1 AND status = 'pending' AND next_attempt_at > now()`,
      [of.id],
    );

  it('messages go to the address of the version and the number, with the token in the header and a proof of the secret', async () => {
    // Behind a reply that is there at once, nothing is shown.
    fleet.upstream.next(
      scenarios.reply(undefined, { headersDelayMs: 5000 }),
      scenarios.reply(undefined, { headersDelayMs: 5000 }),
    );
    await sayTo(channel, 'Hello');
    await sayTo(gram, 'Hello');
    await graph.waitForMessages(2, WAIT_MS);
    const calls = graph.calls.filter(({ kind }) => kind === 'message');
    expect(calls.map(({ method, path, token }) => ({ method, path, token }))).toEqual(
      expect.arrayContaining([
        { method: 'POST', path: `/v26.0/${channel.account.id}/messages`, token: channel.account.accessToken },
        { method: 'POST', path: `/v26.0/${gram.account.id}/messages`, token: gram.account.accessToken },
      ]),
    );
    expect(calls.every(({ query }) => query.access_token === undefined)).toBe(true);
    expect(
      calls.every(({ query, accountId }) => accountId === gram.account.id || query.appsecret_proof !== undefined),
    ).toBe(true);
    const signals = graph.calls.filter(({ kind, accountId }) => kind === 'read' && accountId === channel.account.id);
    expect(signals.map(({ body }) => body)).toMatchObject([
      { messaging_product: 'whatsapp', status: 'read', typing_indicator: { type: 'text' } },
    ]);
  });

  it.each([
    ['WhatsApp', () => channel, (text: string) => text.length <= 4096],
    ['Instagram', () => gram, (text: string) => Buffer.byteLength(text) <= 1000],
  ] as const)(
    '%s: a long text is cut within the limit, and arrives in its order and whole',
    async (_name, of, fits) => {
      const sentences = Array.from(
        { length: 160 },
        (_, index) => `Sentence ${index} is über 👩‍👩‍👧‍👦 alles and goes on for a while, so that it is long enough.`,
      );
      fleet.upstream.next(scenarios.reply(sentences.join(' ')));
      await sayTo(of(), 'Everything, please');
      await graph.waitFor(() => texts().at(-1)?.includes('Sentence 159 ') === true, WAIT_MS);
      expect(texts().length).toBeGreaterThan(2);
      expect(texts().every(fits)).toBe(true);
      expect(texts().join(' ')).toBe(sentences.join(' '));
    },
  );

  it.each([
    ['130429 of WhatsApp', () => channel, graphError(130429), 0],
    ['131056 of WhatsApp, about once in 6 s', () => channel, graphError(131056), 5],
    ['613 of Instagram', () => gram, graphError(613), 0],
    ['a 503 with Retry-After', () => channel, graphError(2, { retryAfter: 30 }), 25],
  ] as const)('too much at once, as %s: it waits, and arrives once', async (_what, of, error, seconds) => {
    graph.next({ type: 'error', error });
    await sayTo(of(), 'Hello');
    await graph.waitFor(({ calls }) => calls.some(({ errorCode }) => errorCode === error.code), WAIT_MS);
    const [letter] = await eventually(async () => {
      const found = await letters(of());
      // Where it is tried again after two seconds already, it may have been.
      return found[0] !== undefined && (found[0].reason !== null || found[0].attempts > 1) ? found : undefined;
    }, 'it to wait');
    const { rows } = await fleet.sql.query<{ waits: number }>(
      'SELECT extract(epoch FROM next_attempt_at - now())::float8 AS waits FROM channel_outbox WHERE id = $1',
      [letter!.id],
    );
    if (seconds > 0) expect(rows[0]?.waits).toBeGreaterThan(seconds - 3);
    await skipPauses(of());
    await lettersAre(of(), 'sent');
    expect(texts()).toEqual(['You said: Hello']);
    expect(attempts()).toBe(2);
  });

  it.each([
    ['131047 of WhatsApp', () => channel, graphError(131047)],
    ['10/2534022 of Instagram', () => gram, graphError(10, { subcode: 2534022 })],
  ] as const)('too late, as %s: it is tried once, and the channel goes on', async (_what, of, error) => {
    graph.next({ type: 'error', error });
    await sayTo(of(), 'Hello');
    const [letter] = await lettersAre(of(), 'dead');
    expect(letter).toMatchObject({ reason: 'window-closed', attempts: 1 });
    await sayTo(of(), 'Hello again');
    await lettersAre(of(), 'dead', 'sent');
    expect(attempts()).toBe(2);
    const { body } = await of().owner.request<{ problem_code: string | null }>('GET', `/channels/${of().id}`);
    expect(body.problem_code).toBeNull();
  });

  it('190: the token has expired: nothing more is tried, and monitoring and the check tell of it', async () => {
    graph.always({ type: 'error', error: graphError(190) }, ({ accountId }) => accountId === channel.account.id);
    await sayTo(channel, 'Hello');
    await eventually(
      async () => {
        const metrics = await (await fetch(`${fleet.parley.url}/metrics`)).text();
        return (
          metrics.includes(
            `parley_channel_problem{channel="${channel.id}",type="whatsapp",code="CHANNEL.TOKEN_REFUSED"} 1`,
          ) || undefined
        );
      },
      'monitoring to tell of it',
      WAIT_MS,
    );
    const health = async (): Promise<unknown> =>
      ((await (await fetch(`${fleet.parley.url}/health`)).json()) as { channels: unknown }).channels;
    expect(await health()).toEqual({ status: 'warning', refused: 1, unheard: 0 });
    await sayTo(channel, 'Are you there?');
    await lettersAre(channel, 'pending', 'pending');
    expect(attempts()).toBe(1);
    const check = async () =>
      (
        await channel.owner.request<{ is_working: boolean; findings: { name: string; detail: string }[] }>(
          'POST',
          `/channels/${channel.id}/check`,
        )
      ).body;
    expect(await check()).toMatchObject({
      is_working: false,
      findings: [
        { name: 'credentials', detail: expect.stringMatching(/access token is expired/) as string },
        {},
        {},
        {},
      ],
    });
    graph.always(null);
    // Meta takes it again, and somebody has looked.
    expect((await check()).is_working).toBe(true);
    await graph.waitFor(() => texts().length === 2, WAIT_MS);
    expect(texts()).toEqual(['You said: Hello', 'You said: Are you there?']);
    await eventually(
      async () => JSON.stringify(await health()) === '{"status":"ok","refused":0,"unheard":0}' || undefined,
      'health to say so',
    );
  });

  it('statuses in any order, also twice: the message gets further and never back, and nobody answers them', async () => {
    await sayTo(channel, 'Hello');
    await lettersAre(channel, 'sent');
    const [message] = graph.messages;
    const tell = (status: string, code?: number) => graph.sendStatus(fleet.url(), message!, status, code);
    await tell('delivered');
    await lettersAre(channel, 'delivered');
    await tell('sent');
    await tell('read');
    await lettersAre(channel, 'read');
    for (const status of ['delivered', 'sent', 'read']) await tell(status);
    await tell('failed', 131026);
    await fleet.settled(channel.id, 5);
    expect(await letters(channel)).toMatchObject([{ status: 'read', reason: null }]);
    expect(fleet.asked).toEqual(['Hello']);
    expect(texts()).toHaveLength(1);
  });

  it('a hook with an expired window of the person’s own clock is no reason to be silent', async () => {
    await fleet.say(channel, person, 'Sent long ago, it says', { timestamp: '1000000000' });
    await graph.waitFor(() => texts().length === 1, WAIT_MS);
  });

  it('what it costs is in the ledger: every answer has its call, with the tokens of the model', async () => {
    await sayTo(channel, 'One');
    await sayTo(channel, 'Two');
    await lettersAre(channel, 'sent', 'sent');
    const { rows } = await fleet.sql.query<{ status: string; known: boolean }>(
      `SELECT c.status, c.input_tokens > 0 AND c.output_tokens > 0 AS known FROM model_calls c JOIN channel_threads t ON t.conversation_id = c.conversation_id WHERE t.channel_id = $1`,
      [channel.id],
    );
    expect(rows.map(({ known }) => known)).toEqual([true, true]);
  });

  it.each([
    ['WhatsApp', () => channel],
    ['Instagram', () => gram],
  ] as const)(
    '%s: whoever is handed over is told so there, people’s answers arrive, and the AI begins anew afterwards without a loop',
    async (_name, of) => {
      await sayTo(of(), 'Hello');
      await graph.waitFor(() => texts().length === 1, WAIT_MS);
      const { workspace_id } = (await of().owner.request<{ workspace_id: number }>('GET', `/channels/${of().id}`)).body;
      const agent = new Agent(of().owner, workspace_id);
      const [conversation] = await fleet.conversations(of().id);
      const { status, body } = await of().owner.request<EscalationView>('POST', '/escalations', {
        conversation_id: Number(conversation!.id),
      });
      expect(status).toBe(201);
      await graph.waitFor(() => texts().length === 2, WAIT_MS);
      expect((await letters(of())).map(({ author }) => author)).toEqual(['assistant', 'system']);
      expect((await agent.act(body.id, 'claim')).status).toBe(200);
      expect((await agent.act(body.id, 'replies', { content: 'This is Kim.' })).status).toBe(201);
      await graph.waitFor(() => texts().includes('This is Kim.'), WAIT_MS);
      expect(graph.calls.every(({ body: sent }) => !('tag' in sent))).toBe(true);
      expect((await agent.act(body.id, 'resolve')).status).toBe(200);
      await sayTo(of(), 'Thanks, and when do you open?');
      await graph.waitFor(() => texts().at(-1) === 'You said: Thanks, and when do you open?', WAIT_MS);
      const again = (await agent.list()).filter(({ conversation_id: of }) => of === body.conversation_id);
      expect(again.filter(({ id }) => id !== body.id)).toEqual([]);
    },
  );

  it('logs name no number, no id of a person, no text and no token', async () => {
    await sayTo(channel, 'Ein vertrauliches Anliegen');
    await sendHook(fleet.url(), '{', { secret: null });
    await graph.waitFor(() => texts().length === 1, WAIT_MS);
    const log = fleet.parley.log();
    for (const secret of [
      person.phone!,
      person.scopedId!,
      'vertrauliches',
      'wamid.',
      channel.account.accessToken,
      gram.account.accessToken,
    ]) {
      expect(log).not.toContain(secret);
    }
  });
});
