import { newId } from '../support/fake-mattermost';
import { scenarios } from '../support/fake-openai';
import { encryptionKeys } from '../support/encryption';
import { MattermostFleet, type OpenMattermost } from '../support/mattermost-fleet';
import { eventually, ParleyProcess } from '../support/process';
import { runJob } from '../support/run-job';

/** The slash command over HTTP: what is said at once, and what comes afterwards through its `response_url`. */
describe('the slash command of Mattermost', () => {
  const fleet = new MattermostFleet();
  const { mattermost } = fleet;
  let channel: OpenMattermost;

  beforeAll(async () => {
    await fleet.start({ LOG_LEVEL: 'trace', ENCRYPTION_KEYS: encryptionKeys('k1') });
  });
  afterAll(() => fleet.stop());
  beforeEach(async () => {
    fleet.reset();
    mattermost.siteUrl = null;
    channel = await fleet.open({}, { hooks: null });
  });
  afterEach(() => fleet.quiet());

  /** What came through response_url, which shows as posts of the person. */
  const replies = (count = 1, room = channel.room) =>
    eventually(
      () => {
        const posts = mattermost.postsOf(channel.person, room);
        return posts.length >= count ? posts : undefined;
      },
      `${count} replies`,
      60_000,
    );

  it('is answered within three seconds, to the person alone; the answer comes afterwards, once, for everybody', async () => {
    fleet.upstream.next(scenarios.reply('Like this.', { headersDelayMs: 1500 }));
    const run = await fleet.command(channel, 'How do I optimize queries?');
    expect(run.status).toBe(200);
    expect(run.latencyMs).toBeLessThan(3000);
    expect(run.json).toMatchObject({ response_type: 'ephemeral' });
    expect(await replies()).toMatchObject([{ message: 'Like this.', channel_id: channel.room.id }]);
    await fleet.quiet();
    expect(mattermost.posts(channel.room)).toHaveLength(1);
    expect(fleet.asked).toEqual(['How do I optimize queries?']);
  });

  it('one that comes twice is answered once', async () => {
    const first = await fleet.command(channel, 'Only once');
    await fleet.command(channel, 'Only once', { triggerId: first.triggerId });
    await fleet.quiet();
    expect(mattermost.posts(channel.room)).toHaveLength(1);
  });

  it('entered in a thread, it is answered there, also when that takes longer than its address is good for', async () => {
    const root = fleet.say(channel, 'We plan the release.');
    await fleet.command(channel, 'When?', { root });
    const [, reply] = await replies(2);
    expect(reply?.root_id).toBe(root.id);
    fleet.upstream.next(scenarios.reply(undefined, { headersDelayMs: 8000 }));
    await fleet.command(channel, 'And then?', { root });
    await fleet.settled(channel.id, 2);
    await fleet.sql.query(`UPDATE channel_threads SET reply_until = now() WHERE channel_id = $1`, [channel.id]);
    const [late] = await fleet.answers(channel);
    expect(late).toMatchObject({ root_id: root.id, message: 'You said: And then?' });
  });

  it('a long answer comes in parts, in order: five through its address, and the rest as posts of the bot', async () => {
    const lines = Array.from({ length: 1200 }, (_, index) => `Line ${index} ${'.'.repeat(80)}`);
    fleet.upstream.next(scenarios.reply(lines.join('\n')));
    await fleet.command(channel, 'Everything');
    const posts = await eventually(
      () => {
        const all = mattermost.posts(channel.room);
        return all.at(-1)?.message.includes('Line 1199 ') === true ? all : undefined;
      },
      'the last part',
      60_000,
    );
    expect(posts.flatMap(({ message }) => message.split('\n'))).toEqual(lines);
    expect(posts.map(({ user_id: id }) => (id === channel.bot.id ? 'bot' : 'reply'))).toEqual([
      ...Array<string>(5).fill('reply'),
      ...Array<string>(posts.length - 5).fill('bot'),
    ]);
    expect(posts.length).toBeGreaterThan(5);
  });

  it('an address that is used up, or gone, is left for a post of the bot', async () => {
    mattermost.failNext({ method: 'POST', path: /^\/hooks\/commands\//, status: 404 });
    await fleet.command(channel, 'Hello');
    expect(await fleet.answers(channel)).toMatchObject([{ message: 'You said: Hello' }]);
    expect(mattermost.postsOf(channel.person, channel.room)).toEqual([]);
  });

  it('an address whose answer was lost is not used twice', async () => {
    mattermost.failNext({ method: 'POST', path: /^\/hooks\/commands\//, status: 'lost-answer' });
    await fleet.command(channel, 'Hello');
    await replies();
    await fleet.sql.query(`UPDATE channel_outbox SET next_attempt_at = now() WHERE channel_id = $1`, [channel.id]);
    await fleet.quiet();
    expect(mattermost.posts(channel.room)).toHaveLength(1);
  });

  it('an address that could not be used is still good; one that hangs is left before others would send the same', async () => {
    const uses = async (): Promise<number | undefined> => {
      const { rows } = await fleet.sql.query<{ left: number }>(
        'SELECT replies_left AS left FROM channel_threads WHERE channel_id = $1',
        [channel.id],
      );
      return rows[0]?.left;
    };
    const letter = async (reason: string): Promise<number> => {
      const isThere = async (): Promise<true | undefined> => {
        const { rows } = await fleet.sql.query(
          `SELECT 1 FROM channel_outbox WHERE channel_id = $1 AND status = 'pending' AND reason = $2`,
          [channel.id, reason],
        );
        return rows.length > 0 || undefined;
      };
      await eventually(isThere, `the answer to wait: ${reason}`, 60_000);
      return performance.now();
    };
    const due = (): Promise<unknown> =>
      fleet.sql.query('UPDATE channel_outbox SET next_attempt_at = now() WHERE channel_id = $1', [channel.id]);
    const address = { method: 'POST', path: /^\/hooks\/commands\// };

    mattermost.failNext({ ...address, status: 429, headers: { 'x-ratelimit-reset': '100' } });
    await fleet.command(channel, 'Hello');
    await letter('rate-limited');
    expect(await uses()).toBe(5);

    mattermost.failNext({ ...address, status: 'hang' });
    await due();
    await letter('may-have-left');
    expect(await uses()).toBe(4);

    // Looking for it hangs, too: all that is done for one part ends within the time of one call.
    mattermost.failNext({ path: /^\/api\/v4\/channels\/\w+\/posts$/, status: 'hang' });
    const before = performance.now();
    await fleet.sql.query(`UPDATE channel_outbox SET reason = 'may-have-left', attempts = 0 WHERE channel_id = $1`, [
      channel.id,
    ]);
    await due();
    const isTriedAgain = async (): Promise<true | undefined> => {
      const { rows } = await fleet.sql.query(
        `SELECT 1 FROM channel_outbox WHERE channel_id = $1 AND status = 'pending' AND attempts = 1`,
        [channel.id],
      );
      return rows.length > 0 || undefined;
    };
    await eventually(isTriedAgain, 'the look to end', 60_000);
    expect(performance.now() - before).toBeLessThan(19_000);
    expect(await uses()).toBe(4);

    await due();
    expect(await replies()).toMatchObject([{ message: 'You said: Hello' }]);
    expect(await uses()).toBe(3);
  });

  it.each(['http://169.254.169.254', 'http://127.0.0.1:9', 'https://chat.example.com.attacker.example'])(
    'an address at %s is not that of the server: nothing is sent there',
    async (siteUrl) => {
      mattermost.siteUrl = siteUrl;
      await fleet.command(channel, 'Hello');
      expect(await fleet.answers(channel)).toMatchObject([{ message: 'You said: Hello' }]);
      const { rows } = await fleet.sql.query(
        'SELECT 1 FROM channel_threads WHERE reply_address IS NOT NULL AND channel_id = $1',
        [channel.id],
      );
      expect(rows).toEqual([]);
    },
  );

  it('a wrong token is refused, in the header as in the body, and the right one in either is taken', async () => {
    const form = (token: string | null): URLSearchParams =>
      new URLSearchParams({
        ...(token === null ? {} : { token }),
        channel_id: channel.room.id,
        user_id: channel.person.id,
        user_name: channel.person.username,
        command: '/ai',
        text: 'Hello',
        trigger_id: newId(),
      });
    const send = (body: URLSearchParams, authorization?: string, path = `/${channel.id}/command`): Promise<Response> =>
      fetch(fleet.url(path), {
        method: 'POST',
        body,
        ...(authorization === undefined ? {} : { headers: { authorization } }),
      });
    const wrong = newId();
    expect((await send(form(wrong))).status).toBe(401);
    expect((await send(form(null))).status).toBe(401);
    expect((await send(form(null), `Token ${wrong}`)).status).toBe(401);
    expect((await send(form(channel.webhookToken))).status).toBe(401);
    expect((await send(form(null), `Token ${channel.commandToken}`)).status).toBe(200);
    expect((await send(form(channel.commandToken), undefined, '/command')).status).toBe(200);
    expect(await fleet.answers(channel, 2)).toHaveLength(2);
    for (const secret of [wrong, channel.commandToken]) expect(fleet.parley.log()).not.toContain(secret);
  });

  it('who asks too much, or for a budget that is used up, is told so; nobody waits in vain', async () => {
    const busy = await fleet.open({ messages_per_minute: 1 }, { hooks: null });
    for (const text of ['One', 'Two', 'Three']) await fleet.command(busy, text);
    await fleet.settled(busy.id, 3);
    const told = mattermost.ephemeral.filter(({ userId }) => userId === busy.person.id).map(({ text }) => text);
    expect(told.filter((text) => text.includes('a lot at once'))).toHaveLength(2);

    const budget = await channel.owner.request('POST', '/budgets', {
      name: 'Small',
      scope: 'workspace',
      period: 'month',
      unit: 'tokens',
      limit: 1,
    });
    expect(budget).toMatchObject({ status: 201 });
    // Processes know of a new budget within ten seconds.
    await eventually(
      async () => {
        await fleet.command(channel, 'Too dear');
        await fleet.quiet();
        const last = (await fleet.inbox(channel.id)).at(-1);
        return last?.status === 'ignored' && last.reason === 'BUDGET.EXCEEDED' ? true : undefined;
      },
      'the budget to be known',
      60_000,
    );
    expect(mattermost.ephemeral.at(-1)).toMatchObject({
      userId: channel.person.id,
      text: expect.stringContaining('budget for this is used up') as string,
    });
  });

  it('also where its address is not that of the server: then in the channel', async () => {
    const busy = await fleet.open({ messages_per_minute: 1 }, { hooks: null });
    mattermost.siteUrl = 'https://chat.example.com';
    for (const text of ['One', 'Two', 'Three']) await fleet.command(busy, text);
    const posts = await fleet.answers(busy, 3);
    expect(posts.filter(({ message }) => message.includes('a lot at once'))).toHaveLength(2);
  });

  it('in a private channel that is allowed by its name, and that the bot is not in, it is answered, too', async () => {
    const room = mattermost.addChannel({ team: channel.team, type: 'P', members: [channel.person] });
    const allowed_channels = [`${channel.team.name}/${room.name}`];
    await channel.owner.request('PATCH', `/channels/${channel.id}`, { settings: { allowed_channels } });
    await eventually(
      async () => {
        const { json } = await fleet.command(channel, 'help');
        return String(json?.text).includes('not meant to answer in this channel') || undefined;
      },
      'the setting to be known',
      60_000,
    );
    expect((await fleet.command(channel, 'Hello', { channel: room })).json).toMatchObject({ text: 'On it…' });
    expect(await replies(1, room)).toMatchObject([{ message: 'You said: Hello' }]);
  });

  it('what was given up is told, too', async () => {
    await fleet.sql.query('UPDATE personas SET deleted_at = now() WHERE id = $1', [channel.persona]);
    await fleet.command(channel, 'Anybody there?');
    const isTried = async (): Promise<true | undefined> =>
      (await fleet.inbox(channel.id))[0]?.reason === null ? undefined : true;
    await eventually(isTried, 'it to be tried', 60_000);
    // The clock is not ours to turn: the next try is the last, and due.
    await fleet.sql.query('UPDATE channel_inbox SET attempts = 7, not_before = now() WHERE channel_id = $1', [
      channel.id,
    ]);
    expect(await fleet.settled(channel.id)).toMatchObject([{ status: 'dead' }]);
    expect(mattermost.ephemeral.at(-1)?.text).toContain('could not take this in');
  });

  it('addresses are encrypted, and get a new key in time', async () => {
    await fleet.command(channel, 'Hello');
    await replies();
    const { rows } = await fleet.sql.query<{ address: string; key: string }>(
      'SELECT reply_address AS address, encryption_key AS key FROM channel_threads WHERE channel_id = $1',
      [channel.id],
    );
    expect(rows[0]).toMatchObject({ address: expect.stringMatching(/^enc:k1:/) as string, key: 'k1' });
    expect(fleet.parley.log()).not.toContain('/hooks/commands/');
    await fleet.quiet();
    const { parley } = fleet;
    await parley.worker.kill();
    const worker = await ParleyProcess.start('worker', {
      ...parley.settings,
      ENCRYPTION_KEYS: encryptionKeys('k2', 'k1'),
    });
    await runJob(parley, 'encryption.rotate');
    await eventually(async () => {
      const left = await fleet.sql.query('SELECT 1 FROM channel_threads WHERE encryption_key <> $1', ['k2']);
      return left.rows.length === 0 || undefined;
    }, 'all addresses to have the new key');
    await worker.kill();
    await parley.startWorker();
  });
});
