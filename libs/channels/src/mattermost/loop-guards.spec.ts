import { whyNeverAnswered } from './loop-guards';

const POST = { userId: 'someone', type: '', props: {}, deleteAt: 0 };
const bot = { botId: 'bot', isByBot: false };

describe('posts that are never answered', () => {
  it('what a person writes may be answered', () => {
    expect(whyNeverAnswered(POST, bot)).toBeNull();
    expect(whyNeverAnswered({ ...POST, props: { from_webhook: 'false', from_bot: false } }, bot)).toBeNull();
  });

  it.each(['from_webhook', 'from_bot', 'from_plugin', 'from_oauth_app'])('%s says that a program writes', (name) => {
    for (const value of [true, 'true', '1']) {
      expect(whyNeverAnswered({ ...POST, props: { [name]: value } }, bot)).toBe('by_program');
    }
  });

  it('nor what the bot itself, another bot or the system says, or what was deleted', () => {
    expect(whyNeverAnswered({ ...POST, userId: 'bot' }, bot)).toBe('own');
    expect(whyNeverAnswered(POST, { ...bot, isByBot: true })).toBe('by_bot');
    expect(whyNeverAnswered({ ...POST, type: 'system_join_channel' }, bot)).toBe('system_post');
    expect(whyNeverAnswered({ ...POST, deleteAt: 1 }, bot)).toBe('deleted');
  });
});
