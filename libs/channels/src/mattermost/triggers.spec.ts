import { mentions, questionIn, questionOrAll } from './triggers';

const TRIGGERS = { words: ['@aibot', 'ai:', 'hey ai', 'assistant'], botName: 'aibot' };

describe('what is asked of the bot', () => {
  it.each([
    ['ai: What is Docker?', 'What is Docker?'],
    ['  AI:What is Docker?', 'What is Docker?'],
    ['@aibot What is Docker?', 'What is Docker?'],
    ['@AiBot: What is Docker?', 'What is Docker?'],
    ['@aibot, what is Docker?', 'what is Docker?'],
    ['hey ai what is Docker?', 'what is Docker?'],
    ['Assistant, help', 'help'],
    ['ai: ai: twice', 'ai: twice'],
    ['ai:\n```\ncode\n```', '```\ncode\n```'],
    ['Tell me, @aibot, what this is', 'Tell me, @aibot, what this is'],
    ['@aibot', ''],
    ['ai:', ''],
  ])('%j asks %j', (text, question) => {
    expect(questionIn(text, TRIGGERS)).toBe(question);
  });

  it.each([
    'Good morning',
    'I said ai: to it',
    'assistants are many',
    '@aibot2 are you there?',
    '@aibot.two are you there?',
    'mail me at x@aibot',
    'the command is `@aibot help`',
    '```\n@aibot\n```',
    '',
  ])('%j asks nothing', (text) => {
    expect(questionIn(text, TRIGGERS)).toBeNull();
  });

  it('the name counts at the end of a sentence, too', () => {
    expect(mentions('What do you think, @aibot?', 'aibot')).toBe(true);
    expect(mentions('I have asked @aibot.', 'aibot')).toBe(true);
  });

  it('where no trigger is needed one is taken off all the same', () => {
    expect(questionOrAll('What is Docker?', TRIGGERS)).toBe('What is Docker?');
    expect(questionOrAll('ai: What is Docker?', TRIGGERS)).toBe('What is Docker?');
  });

  it('signs with a meaning in expressions are signs like others', () => {
    expect(questionIn('(?) why', { words: ['(?)'], botName: 'a.b' })).toBe('why');
    expect(questionIn('@axb why', { words: [], botName: 'a.b' })).toBeNull();
  });

  it('long texts are looked at in time', () => {
    const hostile = [`\`${'@aibot2 '.repeat(20_000)}`, '```'.repeat(20_000), '@'.repeat(60_000), '` '.repeat(30_000)];
    for (const text of hostile) expect(() => questionIn(text, TRIGGERS)).not.toThrow();
  });
});
