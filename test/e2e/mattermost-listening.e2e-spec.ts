import type { PostInput } from '../support/fake-mattermost';
import { MattermostFleet, type OpenMattermost } from '../support/mattermost-fleet';
import { eventually } from '../support/process';

const LOST_MS = 30_000;

describe('what the bot hears on the WebSocket', () => {
  const fleet = new MattermostFleet();
  const { mattermost } = fleet;
  let chat: OpenMattermost;

  beforeAll(async () => {
    await fleet.start();
    chat = await fleet.open({}, { hooks: null });
    await fleet.listening(chat);
  });
  afterAll(() => fleet.stop());
  beforeEach(() => fleet.reset());
  afterEach(() => fleet.quiet());

  const say = (message: string, change: Partial<PostInput> = {}) => fleet.say(chat, message, change);
  const mention = (question: string): string => `@${chat.bot.username} ${question}`;
  /** What the bot has posted, in whatever channel; resolves when there is so much. */
  const answers = (count: number) =>
    eventually(
      () => {
        const posts = mattermost.postsOf(chat.bot);
        return posts.length >= count ? posts : undefined;
      },
      `${count} posts of the bot`,
      60_000,
    );

  it('a mention in an open channel is answered, in its thread', async () => {
    const post = say(mention('what is Docker?'));
    const [answer] = await answers(1);
    expect(answer).toMatchObject({ channel_id: chat.room.id, root_id: post.id });
    expect(fleet.asked).toEqual(['what is Docker?']);
  });

  it('so is one in a private channel, and in a group of people', async () => {
    const ben = mattermost.addUser({ username: 'ben' });
    const lab = mattermost.addChannel({ type: 'P', name: 'lab', team: chat.team, members: [chat.bot, chat.person] });
    const group = mattermost.addChannel({ type: 'G', members: [chat.bot, chat.person, ben] });
    const inLab = say(mention('in private?'), { channel: lab });
    await answers(1);
    const inGroup = say(`ai: in a group?`, { channel: group, user: ben });
    const both = await answers(2);
    expect(both.map(({ channel_id: id, root_id: root }) => [id, root])).toEqual([
      [lab.id, inLab.id],
      [group.id, inGroup.id],
    ]);
    expect(fleet.asked).toEqual(['in private?', 'in a group?']);
  });

  it('a direct message needs no mention, and is answered without a thread', async () => {
    const direct = mattermost.direct(chat.bot, chat.person);
    say('just between us', { channel: direct });
    const [answer] = await answers(1);
    expect(answer).toMatchObject({ channel_id: direct.id, root_id: '' });
    expect(fleet.asked).toEqual(['just between us']);
  });

  it('a mention in a thread is answered in that thread', async () => {
    const root = say('we have a question');
    say(mention('can you help?'), { root });
    const [answer] = await answers(1);
    expect(answer).toMatchObject({ root_id: root.id });
  });

  it('what is not for it is nothing that it does anything about', async () => {
    const helper = mattermost.addBot({ username: 'helper' });
    mattermost.world.channel(chat.room.id).members.add(helper.id);
    say('good morning');
    say(`@${chat.bot.username}s are many`);
    say('@channel everybody, please listen');
    say(mention('says the bot itself'), { user: chat.bot });
    say(mention('says another bot'), { user: helper });
    say(mention('says a webhook'), { props: { from_webhook: 'true' } });
    say(mention('says a plugin'), { props: { from_plugin: 'true' } });
    say(mention('says Mattermost'), { type: 'system_header_change' });
    say(mention('says a person'));
    await fleet.askedAbout(1);
    await fleet.quiet();
    expect(fleet.asked).toEqual(['says a person']);
    expect(mattermost.postsOf(chat.bot).filter(({ root_id: root }) => root !== '')).toHaveLength(1);
  });

  it('the same post by a hook and on the WebSocket is answered once', async () => {
    mattermost.addOutgoingHook({
      team: chat.team,
      triggerWords: [`@${chat.bot.username}`],
      callbackUrls: [fleet.url(`/${chat.id}/outgoing`)],
      contentType: 'application/json',
      token: chat.webhookToken,
    });
    mattermost.repeatHooks(3);
    say(mention('twice?'));
    await mattermost.settled();
    expect(mattermost.hookAnswers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await answers(1);
    // What came after it is answered, too: by then a second answer would be there.
    say(mention('and again'));
    await answers(2);
    await fleet.quiet();
    expect(fleet.asked).toEqual(['twice?', 'and again']);
    expect(mattermost.postsOf(chat.bot)).toHaveLength(2);
    mattermost.world.hooks.clear();
  });

  it('what is said while the network is lost for 30 seconds is answered once it is back, oldest first, and nothing else is', async () => {
    say(mention('before'));
    await answers(1);
    const isHeard = async (): Promise<boolean> => {
      const { body } = await chat.owner.request<{ findings: { name: string; is_ok: boolean }[] }>(
        'POST',
        `/channels/${chat.id}/check`,
      );
      return body.findings.some(({ name, is_ok }) => name === 'listening' && is_ok);
    };
    expect(await isHeard()).toBe(true);
    mattermost.offline(true);
    const missed = [say(mention('first'))];
    say('nobody asks the bot');
    // One page and more, several posts in each millisecond.
    const at = Date.now();
    for (let index = 0; index < 450; index += 1) say(`noise ${index}`, { createAt: at + Math.floor(index / 50) });
    const edited = say('an old post', { createAt: Date.now() - 86_400_000 * 2 });
    mattermost.edit(edited, mention('an edited post'));
    missed.push(
      say(mention('second'), { channel: mattermost.direct(chat.bot, chat.person), createAt: at + 20 }),
      say(mention('third'), { createAt: at + 21 }),
    );
    await new Promise((next) => setTimeout(next, LOST_MS));
    // What is in trouble, or wants fewer requests, once it is back is asked again.
    mattermost.failNext({ method: 'GET', path: /\/users\/me$/, status: 503 });
    mattermost.failNext({ method: 'GET', path: /\/posts$/, status: 429, times: 2 });
    mattermost.failNext({ method: 'GET', path: /\/posts$/, status: 'reset' });
    mattermost.offline(false);
    // After so long there are up to 20 s between two attempts, and three of them fail.
    await fleet.askedAbout(4, 240_000);
    await fleet.quiet();
    await fleet.listening(chat);
    await eventually(async () => (await isHeard()) || undefined, 'the check to say so');
    const rows = await fleet.inbox(chat.id);
    expect(rows.slice(-3).map(({ external_id: id }) => id)).toEqual(missed.map(({ id }) => id));
    expect(new Set(fleet.asked)).toEqual(new Set(['before', 'first', 'second', 'third']));
    expect(mattermost.postsOf(chat.bot)).toHaveLength(4);
  }, 400_000);

  it('a server that is there and says nothing any more is noticed, and what was missed is looked up', async () => {
    mattermost.muteSockets(true);
    say(mention('can you hear me?'));
    await eventually(() => mattermost.sockets === 0 || undefined, 'the connection to be given up', 120_000);
    mattermost.muteSockets(false);
    await fleet.askedAbout(1, 120_000);
    expect(fleet.asked).toEqual(['can you hear me?']);
  }, 300_000);
});
