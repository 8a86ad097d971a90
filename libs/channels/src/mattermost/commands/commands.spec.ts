import { commandIn, COMMANDS, isAsking, postsAskedFor } from '.';

const named = (text: string): [string, string] | null => {
  const given = commandIn(text);
  return given === null ? null : [given.command.name, given.text];
};

describe('what a text asks for', () => {
  it.each([
    ['', 'help', ''],
    ['  ', 'help', ''],
    ['Help', 'help', ''],
    [' reset ', 'reset', ''],
    ['summarize', 'summarize', ''],
    ['persona', 'persona', ''],
    ['persona  Sage of\tOps ', 'persona', 'Sage of\tOps'],
  ])('%p is the command %s', (text, name, rest) => {
    expect(named(text)).toEqual([name, rest]);
  });

  it.each(['help me', 'reset my password', 'summarize this: x', 'helper', '/help', 'what is help?', 'constructor'])(
    '%p is a question',
    (text) => {
      expect(named(text)).toBeNull();
    },
  );
});

describe('the list of commands', () => {
  it('has each name once, in small letters, as its use begins', () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, usage } of COMMANDS) {
      expect(name).toMatch(/^[a-z-]{1,30}$/);
      expect(usage.split(' ')[0]).toBe(name);
    }
  });

  it('a question of a command is known by its words', () => {
    for (const command of COMMANDS.filter(isAsking)) expect(postsAskedFor(command.question)).toBe(command.posts);
    expect(postsAskedFor('summarize')).toBeNull();
  });
});
