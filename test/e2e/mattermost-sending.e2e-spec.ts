import type { FakePost } from '../support/fake-mattermost';
import { MAX_POST_RUNES } from '../support/fake-mattermost';
import { scenarios } from '../support/fake-openai';
import { MattermostFleet, type OpenMattermost } from '../support/mattermost-fleet';
import { eventually } from '../support/process';

interface Letter {
  id: number;
  status: string;
  reason: string | null;
  attempts: number;
}

/** What arrives at Mattermost, seen from its side. */
describe('answers at Mattermost', () => {
  const fleet = new MattermostFleet();
  const { mattermost } = fleet;
  let channel: OpenMattermost;

  beforeAll(async () => {
    await fleet.start();
  });
  afterAll(() => fleet.stop());
  beforeEach(async () => {
    fleet.reset();
    channel = await fleet.open();
  });
  afterEach(() => fleet.quiet());

  const posting = { method: 'POST', path: /^\/api\/v4\/posts$/ };
  const attempts = (): number =>
    mattermost.calls.filter(({ method, path, userId }) => {
      return method === 'POST' && path === '/api/v4/posts' && userId === channel.bot.id;
    }).length;
  const letters = async (): Promise<Letter[]> =>
    (await channel.owner.request<{ messages: Letter[] }>('GET', `/channels/${channel.id}/outbox`)).body.messages;
  const letterIs = (status: string): Promise<Letter> =>
    eventually(
      async () => {
        const [first] = await letters();
        return first?.status === status ? first : undefined;
      },
      `the letter to be ${status}`,
      60_000,
    );
  const waits = (): Promise<Letter> =>
    eventually(
      async () => {
        const [first] = await letters();
        return first?.status === 'pending' && first.reason !== null ? first : undefined;
      },
      'the letter to wait',
      60_000,
    );
  /** The clock is not ours to turn: what waits is due. */
  const skipPauses = (): Promise<unknown> =>
    fleet.sql.query(
      `UPDATE channel_outbox SET next_attempt_at = now() WHERE channel_id = $1 AND status = 'pending' AND next_attempt_at > now()`,
      [channel.id],
    );

  const problem = async (): Promise<string | null> =>
    (await channel.owner.request<{ problem_code: string | null }>('GET', `/channels/${channel.id}`)).body.problem_code;
  const refused = (): Promise<true> =>
    eventually(
      async () => ((await problem()) === 'CHANNEL.TOKEN_REFUSED' ? true : undefined),
      'the channel to say that its token is refused',
      60_000,
    );

  it('a token that is refused once, and taken otherwise, mutes the channel for a minute and not for good', async () => {
    mattermost.failNext({ ...posting, status: 401 });
    fleet.say(channel, 'ai: Are you there?');
    await refused();
    await fleet.answers(channel, 1, 150_000);
    expect(await problem()).toBeNull();
    expect(attempts()).toBe(2);
  }, 300_000);

  it('40,000 characters arrive whole, in order, in the thread, with code closed and opened again at the cuts', async () => {
    const code = Array.from({ length: 1000 }, (_, index) => `const line${index} = "${'x'.repeat(12)}"; // ${index}`);
    const prose = Array.from({ length: 60 }, (_, index) => `Sentence ${index} is über 👩‍👩‍👧‍👦 alles and long enough.`);
    const text = [...prose.slice(0, 30), '```ts', ...code, '```', ...prose.slice(30)].join('\n');
    expect(text.length).toBeGreaterThan(40_000);
    fleet.upstream.next(scenarios.reply(text));
    const post = fleet.say(channel, 'ai: Everything, please');
    const isWhole = (posts: FakePost[]): boolean => posts.at(-1)?.message.includes('Sentence 59 ') === true;
    const parts = await eventually(
      () => {
        const posts = mattermost.postsOf(channel.bot, channel.room);
        return isWhole(posts) ? posts : undefined;
      },
      'the last part',
      60_000,
    );
    expect(parts.length).toBeGreaterThan(2);
    for (const { message, root_id: rootId } of parts) {
      expect([...message].length).toBeLessThanOrEqual(MAX_POST_RUNES);
      expect(rootId).toBe(post.id);
      expect(message.match(/^```/gm) ?? []).toHaveLength(message.includes('```') ? 2 : 0);
    }
    expect(parts.slice(1, -1).every(({ message }) => message.startsWith('```ts\n') && message.endsWith('\n```'))).toBe(
      true,
    );
    const lines = parts.flatMap(({ message }) => message.split('\n')).filter((line) => !line.startsWith('```'));
    expect(lines).toEqual([...prose.slice(0, 30), ...code, ...prose.slice(30)]);
  });

  it('markdown arrives as the model wrote it, and nobody is called who was not meant to be', async () => {
    const text = '**Bold** and `code`, [a link](https://example.com) for @dana.\n\n| a | b |\n|---|---|\n| 1 | 2 |';
    fleet.upstream.next(
      scenarios.reply(`${text}\n\nListen, @all @channel and @here, mail me@all.com\n\n\`\`\`rb\n@channel = 1\n\`\`\``),
    );
    fleet.say(channel, 'ai: Format');
    const [answer] = await fleet.answers(channel);
    expect(answer?.message.startsWith(text)).toBe(true);
    expect(answer?.message).not.toMatch(/(?<!me)@(all|here)\b/);
    expect(answer?.message.replaceAll('\u200b', '')).toContain('@all @channel and @here, mail me@all.com');
    expect(answer?.message).toContain('\n@channel = 1\n');
  });

  it('people see that an answer is being written, in the thread', async () => {
    fleet.upstream.next(scenarios.reply(undefined, { headersDelayMs: 1500 }));
    const post = fleet.say(channel, 'ai: Hello');
    await fleet.answers(channel);
    const typing = mattermost.calls.filter(({ path }) => /\/users\/(me|\w{26})\/typing$/.test(path));
    expect(typing.map(({ body, userId }) => ({ body, userId }))).toContainEqual({
      body: { channel_id: channel.room.id, parent_id: post.id },
      userId: channel.bot.id,
    });
  });

  it.each([
    ['the connection breaks after it has arrived', 'lost-answer' as const],
    ['a proxy gives up', 'html' as const],
    ['the connection breaks before it', 'reset' as const],
    ['the server is in trouble', 503],
  ])('%s: it is there once', async (_what, status) => {
    // What is recognised by its pending id for half a minute is not what is tried here.
    mattermost.pendingPostTtlMs = 0;
    mattermost.failNext({ ...posting, status });
    fleet.say(channel, 'ai: Once, please');
    await waits();
    await skipPauses();
    await letterIs('sent');
    expect(mattermost.postsOf(channel.bot, channel.room)).toHaveLength(1);
    expect(attempts()).toBe(status === 'lost-answer' ? 1 : 2);
    mattermost.pendingPostTtlMs = 30_000;
  });

  it('too much at once: it waits as long as it is told to, and arrives once', async () => {
    const headers = { 'x-ratelimit-reset': '40', 'retry-after': '40' };
    mattermost.failNext({ ...posting, status: 429, headers });
    fleet.say(channel, 'ai: Hello');
    expect(await waits()).toMatchObject({ reason: 'rate-limited', attempts: 1 });
    const { rows } = await fleet.sql.query<{ waits: number }>(
      'SELECT extract(epoch FROM next_attempt_at - now())::float8 AS waits FROM channel_outbox WHERE channel_id = $1',
      [channel.id],
    );
    expect(rows[0]!.waits).toBeGreaterThan(20);
    await skipPauses();
    await letterIs('sent');
    expect(attempts()).toBe(2);
  });

  it('a thread that is deleted meanwhile: it is given up, and never posted openly', async () => {
    fleet.upstream.next(scenarios.reply(undefined, { headersDelayMs: 1500 }));
    const post = fleet.say(channel, 'ai: Wait for it');
    await eventually(() => (fleet.asked.length > 0 ? true : undefined), 'the model to be asked');
    mattermost.remove(post);
    expect(await letterIs('dead')).toMatchObject({ reason: 'invalid', attempts: 1 });
    expect(mattermost.postsOf(channel.bot, channel.room)).toEqual([]);
  });

  it('somewhere the bot is no member of: it is given up', async () => {
    mattermost.failNext({ ...posting, status: 403 });
    fleet.say(channel, 'ai: Hello');
    expect(await letterIs('dead')).toMatchObject({ reason: 'unreachable', attempts: 1 });
  });

  it('a token that is revoked: the channel says so, and what waits leaves with another one', async () => {
    fleet.upstream.next(scenarios.reply(undefined, { headersDelayMs: 1500 }));
    fleet.say(channel, 'ai: Hello');
    await eventually(() => (fleet.asked.length > 0 ? true : undefined), 'the model to be asked');
    mattermost.revokeToken(channel.bot.token);
    await refused();
    const health = (await (await fetch(`${fleet.parley.url}/health`)).json()) as { channels: { refused: number } };
    expect(health.channels.refused).toBeGreaterThan(0);
    const bot_token = mattermost.addToken(channel.bot);
    await channel.owner.request('PATCH', `/channels/${channel.id}`, { credentials: { bot_token } });
    expect(await fleet.answers(channel)).toHaveLength(1);
    expect(await problem()).toBeNull();
    for (const secret of [channel.bot.token, bot_token]) expect(fleet.parley.log()).not.toContain(secret);
  });

  it('two answers in one thread keep their order, whatever happens to the first', async () => {
    mattermost.failNext({ ...posting, status: 503 });
    const root = fleet.say(channel, 'ai: First');
    await waits();
    fleet.say(channel, 'ai: Second', { root });
    await fleet.answers(channel, 2);
    expect(mattermost.postsOf(channel.bot, channel.room).map(({ message }) => message)).toEqual([
      'You said: First',
      'You said: Second',
    ]);
  });
});
