import { MattermostFleet, type OpenMattermost } from '../support/mattermost-fleet';

describe('outgoing webhooks of Mattermost', () => {
  const fleet = new MattermostFleet();

  beforeAll(() => fleet.start());
  afterAll(() => fleet.stop());
  afterEach(async () => {
    await fleet.quiet();
    fleet.reset();
  });

  describe.each(['form', 'json'] as const)('as %s', (hooks) => {
    let channel: OpenMattermost;

    beforeAll(async () => {
      channel = await fleet.open({}, { hooks });
    });

    it('a post with a trigger word is answered in its thread, and the hook itself with nothing', async () => {
      const post = fleet.say(channel, 'ai: What is Docker?');
      const [answer] = await fleet.answers(channel);
      expect(answer).toMatchObject({ root_id: post.id, channel_id: channel.room.id });
      expect(fleet.asked).toEqual(['What is Docker?']);
      expect(fleet.mattermost.hookAnswers).toMatchObject([{ status: 200, body: '' }]);
    });
  });
});
