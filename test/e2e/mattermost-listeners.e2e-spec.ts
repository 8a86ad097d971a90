import { newId, type PostInput } from '../support/fake-mattermost';
import { MattermostFleet, type OpenMattermost } from '../support/mattermost-fleet';
import { ParleyProcess, eventually } from '../support/process';

describe('who listens to a Mattermost server, and when', () => {
  const fleet = new MattermostFleet();
  const { mattermost } = fleet;
  let chat: OpenMattermost;
  let second: ParleyProcess | undefined;

  beforeAll(() => fleet.start());
  afterAll(async () => {
    await second?.kill();
    await fleet.stop();
  });
  beforeEach(async () => {
    fleet.reset();
    chat = await fleet.open({}, { hooks: null });
    await fleet.listening(chat);
  });
  afterEach(async () => {
    await chat.owner.request('DELETE', `/channels/${chat.id}`);
    await eventually(() => mattermost.sockets === 0 || undefined, 'nobody to listen any more', 60_000);
  });

  const say = (question: string, change: Partial<PostInput> = {}) =>
    fleet.say(chat, `@${chat.bot.username} ${question}`, change);
  const change = (body: unknown) => chat.owner.request('PATCH', `/channels/${chat.id}`, body);
  const holder = async (): Promise<string | null> => {
    const { rows } = await fleet.sql.query<{ held_by: string | null }>(
      'SELECT held_by FROM channel_listeners WHERE channel_id = $1',
      [chat.id],
    );
    return rows[0]?.held_by ?? null;
  };
  const problem = async (): Promise<string | null> =>
    (await chat.owner.request<{ problem_code: string | null }>('GET', `/channels/${chat.id}`)).body.problem_code;

  it('nothing that was said before it was first listened to is answered', async () => {
    const quiet = await fleet.open({}, { hooks: null });
    await fleet.listening(quiet);
    const late = mattermost.addChannel({ type: 'P', team: chat.team, members: [chat.bot, chat.person] });
    await change({ is_enabled: false });
    await eventually(() => mattermost.sockets === 1 || undefined, 'nobody to listen', 60_000);
    await fleet.sql.query('DELETE FROM channel_listeners WHERE channel_id = $1', [chat.id]);
    say('long ago');
    say('long ago in private', { channel: late });
    await change({ is_enabled: true });
    await fleet.listening(chat);
    mattermost.dropSockets();
    say('now');
    await fleet.askedAbout(1);
    await fleet.quiet();
    expect(fleet.asked).toEqual(['now']);
    await quiet.owner.request('DELETE', `/channels/${quiet.id}`);
  });

  it('a channel that is switched off hears nothing, and when it is on again what was said meanwhile is answered', async () => {
    await change({ is_enabled: false });
    await eventually(() => mattermost.sockets === 0 || undefined, 'nobody to listen', 60_000);
    const { id } = say('while it is off');
    await change({ is_enabled: true });
    await fleet.askedAbout(1, 90_000);
    const [answer] = await fleet.answers(chat, 1);
    expect(answer).toMatchObject({ root_id: id });
  });

  it('a token that is refused is a problem of the channel, and a new one puts it right without a word being lost', async () => {
    mattermost.revokeToken(chat.bot.token);
    say('can you hear me?');
    await eventually(
      async () => ((await problem()) === 'CHANNEL.TOKEN_REFUSED' ? true : undefined),
      'the problem',
      60_000,
    );
    const { webhookToken, commandToken } = chat;
    const credentials = {
      url: mattermost.url,
      bot_token: mattermost.addToken(chat.bot),
      webhook_token: webhookToken,
      command_token: commandToken,
    };
    expect((await change({ credentials })).status).toBe(200);
    await fleet.askedAbout(1, 90_000);
    await fleet.answers(chat, 1);
    expect(await problem()).toBeNull();
  });

  it('settings count for what is said next, on the same connection', async () => {
    await change({ settings: { triggers: ['hey ai'], allowed_channels: [chat.room.id] } });
    const elsewhere = mattermost.addChannel({ type: 'P', team: chat.team, members: [chat.bot, chat.person] });
    await eventually(
      async () => {
        fleet.say(chat, 'Hey AI, are you there?');
        await fleet.quiet();
        return fleet.asked.length > 0 || undefined;
      },
      'the new trigger to count',
      60_000,
    );
    const before = fleet.asked.length;
    say('not allowed', { channel: elsewhere });
    say('allowed');
    await fleet.askedAbout(before + 1);
    await fleet.quiet();
    expect(fleet.asked.slice(before)).toEqual(['allowed']);
    expect(new Set(fleet.asked.slice(0, before))).toEqual(new Set(['are you there?']));
  });

  it('one that is over while it connects hears nothing any more', async () => {
    await change({ settings: { triggers: ['hey ai'] } });
    const connecting = { method: 'GET', path: /\/users\/me$/ };
    mattermost.delay({ ...connecting, delayMs: 12_000 });
    mattermost.dropSockets();
    const asking = await eventually(
      () => mattermost.calls.find(({ path, endedAt }) => connecting.path.test(path) && endedAt === null),
      'the next connection to begin',
      60_000,
    );
    expect((await change({ credentials: { command_token: newId() } })).status).toBe(200);
    mattermost.heal();
    await mattermost.waitFor(() => asking.endedAt !== null, 60_000);
    say('are you there?');
    await fleet.askedAbout(1, 90_000);
    await change({ settings: { triggers: ['computer'] } });
    const asked = (): string[] => [...new Set(fleet.asked.slice(1))];
    await eventually(
      async () => {
        fleet.say(chat, 'Computer, do you hear me?');
        await fleet.quiet();
        return asked().length > 0 || undefined;
      },
      'the new trigger to count',
      60_000,
    );
    expect(mattermost.sockets).toBe(1);
    fleet.say(chat, 'Hey AI, what was that?');
    say('and now?');
    await eventually(() => asked().includes('and now?') || undefined, 'the last to be asked', 60_000);
    await fleet.quiet();
    expect(asked()).toEqual(['do you hear me?', 'and now?']);
  });

  it('of two workers one listens; when it is killed, the other goes on where it has ended', async () => {
    second = await ParleyProcess.start('worker', fleet.parley.settings);
    say('to the first');
    await fleet.askedAbout(1);
    await fleet.quiet();
    expect(mattermost.sockets).toBe(1);
    const first = await holder();
    // The second may hold it only when the first is dead.
    await fleet.parley.worker.kill();
    await eventually(() => mattermost.sockets === 0 || undefined, 'the connection to end', 60_000);
    say('to nobody');
    await fleet.askedAbout(2, 120_000);
    await fleet.listening(chat);
    expect(await holder()).not.toBe(first);
    say('to the second');
    await fleet.askedAbout(3);
    await fleet.quiet();
    expect(fleet.asked).toEqual(['to the first', 'to nobody', 'to the second']);
    expect(mattermost.postsOf(chat.bot)).toHaveLength(3);

    // One that ends in order gives it back, so that the next begins with its first round.
    await second.kill('SIGTERM');
    expect(await holder()).toBeNull();
    await fleet.parley.startWorker();
    await fleet.listening(chat);
  });
});
