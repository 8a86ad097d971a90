import { newId } from '../support/fake-mattermost';
import { MattermostFleet, type OpenMattermost } from '../support/mattermost-fleet';
import { eventually } from '../support/process';

/** What Mattermost tells over HTTP alone: nobody listens on the WebSocket here. */
describe('outgoing webhooks of Mattermost', () => {
  const fleet = new MattermostFleet();
  const { mattermost } = fleet;

  const deaf = (): void => {
    mattermost.refuseSockets(true);
    mattermost.dropSockets();
  };
  beforeAll(async () => {
    deaf();
    await fleet.start({ LOG_LEVEL: 'trace' });
  });
  afterAll(() => fleet.stop());
  beforeEach(deaf);
  afterEach(async () => {
    await fleet.quiet();
    fleet.reset();
  });

  describe.each(['form', 'json'] as const)('as %s', (hooks) => {
    let channel: OpenMattermost;

    beforeAll(async () => {
      deaf();
      channel = await fleet.open({}, { hooks });
    });

    const hook = (fields: Record<string, unknown>, path = `/${channel.id}/outgoing`): Promise<Response> =>
      hooks === 'json'
        ? fetch(fleet.url(path), {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(fields),
          })
        : fetch(fleet.url(path), { method: 'POST', body: new URLSearchParams(fields as Record<string, string>) });
    const fieldsOf = (
      post: { id: string; message: string },
      token = channel.webhookToken,
    ): Record<string, unknown> => ({
      token,
      team_domain: channel.team.name,
      channel_id: channel.room.id,
      timestamp: hooks === 'json' ? Date.now() : Math.floor(Date.now() / 1000),
      user_id: channel.person.id,
      user_name: channel.person.username,
      post_id: post.id,
      text: post.message,
      trigger_word: 'ai:',
    });

    it('a post with a trigger word is answered in a thread below it, and the hook itself with an empty body', async () => {
      const post = fleet.say(channel, 'ai: What is Docker?');
      const [answer] = await fleet.answers(channel);
      expect(answer).toMatchObject({ root_id: post.id, channel_id: channel.room.id });
      expect(fleet.asked).toEqual(['What is Docker?']);
      await mattermost.settled();
      expect(mattermost.hookAnswers).toMatchObject([{ status: 200, body: '' }]);
    });

    it('a post in a thread, of which the hook does not tell, is answered in that thread', async () => {
      const root = fleet.say(channel, 'We plan the release.');
      fleet.say(channel, 'ai: When is it?', { root });
      const [answer] = await fleet.answers(channel);
      expect(answer?.root_id).toBe(root.id);
    });

    it('the trigger word is taken off once, whatever its case, and from the front only', async () => {
      fleet.say(channel, 'ai: ai: What does ai: mean?');
      await fleet.answers(channel);
      fleet.say(channel, `@${channel.bot.username} AI: and this?`);
      await fleet.answers(channel, 2);
      expect(fleet.asked).toEqual(['ai: What does ai: mean?', 'AI: and this?']);
    });

    it('a hook that comes three times, all at once and again, is answered once', async () => {
      mattermost.repeatHooks(3);
      const post = fleet.say(channel, 'ai: Only once');
      await fleet.answers(channel);
      await hook(fieldsOf(post));
      await fleet.quiet();
      expect(mattermost.postsOf(channel.bot, channel.room)).toHaveLength(1);
      expect(fleet.asked).toEqual(['Only once']);
    });

    it('the time is understood, seconds or milliseconds', async () => {
      fleet.say(channel, 'ai: What time is it?');
      await fleet.answers(channel);
      const { rows } = await fleet.sql.query<{ ms: number }>(
        `SELECT extract(epoch FROM now() - last_inbound_at) * 1000 AS ms FROM channel_identities WHERE channel_id = $1`,
        [channel.id],
      );
      expect(Number(rows[0]!.ms)).toBeLessThan(120_000);
    });

    it('a wrong token is refused, whatever else is right, and is in no log', async () => {
      const wrong = newId();
      const post = fleet.say(channel, 'Not for it');
      for (const path of [`/${channel.id}/outgoing`, '/outgoing', '/987654321/outgoing']) {
        const answer = await hook(fieldsOf(post, wrong), path);
        expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining('WEBHOOK.NOT_SIGNED')]);
      }
      const { token: _token, ...without } = fieldsOf(post);
      expect((await hook(without)).status).toBe(401);
      expect((await hook(fieldsOf(post, channel.commandToken))).status).toBe(401);
      expect(await fleet.inbox(channel.id)).not.toContainEqual(expect.objectContaining({ external_id: post.id }));
      for (const secret of [wrong, channel.webhookToken, channel.bot.token]) {
        expect(fleet.parley.log()).not.toContain(secret);
      }
    });

    it('at the address without a number it is for the channel whose token it is', async () => {
      const post = fleet.say(channel, 'Without a number');
      const answer = await hook(fieldsOf(post), '/outgoing');
      expect([answer.status, await answer.text()]).toEqual([200, '']);
      expect(await fleet.answers(channel)).toHaveLength(1);
    });

    it('what no post is behind is not answered', async () => {
      expect((await hook(fieldsOf({ id: newId(), message: 'ai: Invented' }))).status).toBe(200);
      const rows = await fleet.settled(channel.id);
      expect(rows.at(-1)).toMatchObject({ status: 'ignored', reason: 'not_to_be_seen' });
      // And what the post says counts, not what the hook says of it.
      const post = fleet.say(channel, 'What I did write');
      await hook({ ...fieldsOf(post), text: 'ai: Something else' });
      await fleet.answers(channel);
      expect(fleet.asked).toEqual(['What I did write']);
    });

    it.each([
      ['the bot itself', () => ({ user: channel.bot }), 'own'],
      ['another bot', () => ({ user: mattermost.addBot({ username: `other-${newId()}` }) }), 'by_program'],
      ['a webhook', () => ({ props: { from_webhook: 'true' } }), 'by_program'],
      ['a plugin', () => ({ props: { from_plugin: true } }), 'by_program'],
      ['an app', () => ({ props: { from_oauth_app: 'true' } }), 'by_program'],
      ['Mattermost', () => ({ type: 'system_join_channel' }), 'system_post'],
    ])('what %s says is never answered', async (_who, change, reason) => {
      const said = change() as { user?: { id: string } };
      if (said.user !== undefined) mattermost.world.channel(channel.room.id).members.add(said.user.id);
      const post = fleet.say(channel, 'Nobody answers this', said);
      expect((await hook(fieldsOf(post))).status).toBe(200);
      const rows = await fleet.settled(channel.id);
      expect(rows.find(({ external_id: id }) => id === post.id)).toMatchObject({ status: 'ignored', reason });
      expect(mattermost.calls.filter(({ method, path }) => method === 'POST' && path === '/api/v4/posts')).toEqual([]);
      expect(fleet.asked).toEqual([]);
    });

    it('while Mattermost cannot tell more of the post, it waits', async () => {
      mattermost.failNext({ method: 'GET', path: /\/posts\/\w+$/, status: 503, times: 2 });
      fleet.say(channel, 'ai: Still there?');
      expect(await fleet.answers(channel)).toHaveLength(1);
    });
  });

  it('a channel that is not allowed is left alone; an allowed one may be named by its address', async () => {
    const channel = await fleet.open({ allowed_channels: [] });
    const other = mattermost.addChannel({ team: channel.team, members: [channel.bot, channel.person] });
    const allowed_channels = [`${channel.team.name}/${channel.room.name}`];
    const changed = await channel.owner.request('PATCH', `/channels/${channel.id}`, { settings: { allowed_channels } });
    expect(changed).toMatchObject({ status: 200, body: { settings: { allowed_channels } } });
    fleet.say(channel, 'ai: Over there', { channel: other });
    fleet.say(channel, 'ai: Here');
    await fleet.answers(channel);
    const rows = await fleet.settled(channel.id, 2);
    expect(rows).toContainEqual(expect.objectContaining({ status: 'ignored', reason: 'channel_not_allowed' }));
    expect(fleet.asked).toEqual(['Here']);
    expect(mattermost.postsOf(channel.bot, other)).toEqual([]);
  });

  it('pictures are shown to the model, and other files are kept', async () => {
    const channel = await fleet.open();
    const { person: user, room } = channel;
    const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const picture = mattermost.addFile({
      channel: room,
      user,
      name: 'plan.png',
      mimeType: 'image/png',
      content: Buffer.from(PIXEL, 'base64'),
    });
    const text = mattermost.addFile({
      channel: room,
      user,
      name: 'notes.pdf',
      mimeType: 'application/pdf',
      content: Buffer.from('%PDF-1.7 something'),
    });
    fleet.say(channel, 'ai: What is this?', { fileIds: [picture.id, text.id] });
    await fleet.answers(channel);
    const said = JSON.stringify(fleet.upstream.requests.at(-1));
    expect(said).toContain('input_image');
    expect(said).toContain('notes.pdf');
    const { rows } = await fleet.sql.query('SELECT kind FROM channel_files WHERE channel_id = $1', [channel.id]);
    expect(rows).toEqual([{ kind: 'document' }]);
  });

  it('somebody whose profile is hidden is answered, too', async () => {
    const channel = await fleet.open();
    mattermost.failNext({ method: 'GET', path: /\/users\/(?!me$)\w+$/, status: 403 });
    fleet.say(channel, 'ai: Who am I?');
    expect(await fleet.answers(channel)).toMatchObject([{ message: 'You said: Who am I?' }]);
  });

  it('who writes too much is told so once, in the thread', async () => {
    const channel = await fleet.open({ messages_per_minute: 1 });
    const first = fleet.say(channel, 'ai: One');
    await fleet.answers(channel);
    fleet.say(channel, 'ai: Two', { root: first });
    await fleet.answers(channel, 2);
    fleet.say(channel, 'ai: Three', { root: first });
    await fleet.settled(channel.id, 3);
    const posts = mattermost.postsOf(channel.bot, channel.room);
    expect(posts).toHaveLength(2);
    expect(posts[1]).toMatchObject({ root_id: first.id, message: expect.stringContaining('a lot at once') as string });
    expect(fleet.asked).toEqual(['One']);
  });

  it('who is not meant to be answered is told so, once in an hour', async () => {
    const channel = await fleet.open({ allowed_senders: [newId()] });
    const post = fleet.say(channel, 'ai: Hello?');
    const [answer] = await fleet.answers(channel);
    expect(answer).toMatchObject({
      root_id: post.id,
      message: expect.stringContaining('not meant to answer you') as string,
    });
    fleet.say(channel, 'ai: Really?', { root: post });
    fleet.say(channel, 'ai: And here?');
    const rows = await fleet.settled(channel.id, 3);
    expect(rows.map(({ reason }) => reason)).toEqual(['not_allowed', 'not_allowed', 'not_allowed']);
    expect(mattermost.postsOf(channel.bot, channel.room)).toHaveLength(1);
    expect(fleet.asked).toEqual([]);
  });

  describe('what is given up', () => {
    /** The clock is not ours to turn: the next try is the last, and due. */
    const lastTry = async (channel: OpenMattermost) => {
      const isTried = async () => ((await fleet.inbox(channel.id))[0]?.reason ?? null) !== null || undefined;
      await eventually(isTried, 'it to be tried', 60_000);
      await fleet.sql.query('UPDATE channel_inbox SET attempts = 7, not_before = now() WHERE channel_id = $1', [
        channel.id,
      ]);
      return fleet.settled(channel.id);
    };

    it('is told in the thread', async () => {
      const channel = await fleet.open();
      await fleet.sql.query('UPDATE personas SET deleted_at = now() WHERE id = $1', [channel.persona]);
      const post = fleet.say(channel, 'ai: Anybody there?');
      expect(await lastTry(channel)).toMatchObject([{ status: 'dead' }]);
      expect(mattermost.postsOf(channel.bot, channel.room)).toMatchObject([
        { root_id: post.id, message: expect.stringContaining('could not take this in') as string },
      ]);
    });

    it('is told to nobody when it was never looked up: it may be by a program, or by the bot itself', async () => {
      const channel = await fleet.open();
      const post = fleet.say(channel, 'I am a program', { props: { from_webhook: 'true' } });
      mattermost.failNext({ method: 'GET', path: /\/posts\/\w+$/, status: 503, times: 3 });
      const fields = { channel_id: channel.room.id, user_id: channel.person.id, post_id: post.id };
      const body = new URLSearchParams({ token: channel.webhookToken, text: post.message, ...fields });
      expect((await fetch(fleet.url(`/${channel.id}/outgoing`), { method: 'POST', body })).status).toBe(200);
      await lastTry(channel);
      expect(mattermost.postsOf(channel.bot, channel.room)).toEqual([]);
    });
  });
});
