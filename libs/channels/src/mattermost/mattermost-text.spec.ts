import { toMattermost } from './mattermost-text';

const shown = (text: string): string => toMattermost(text).replaceAll('\u200b', '<>');

describe('markdown for Mattermost', () => {
  it.each([
    ['Listen, @all!', 'Listen, @<>all!'],
    ['@channel @HERE', '@<>channel @<>HERE'],
    ['(@here)', '(@<>here)'],
    ['`@all` and > @here', '`@<>all` and > @<>here'],
    ['me@all.com, @allison, @here2', 'me@all.com, @allison, @here2'],
    ['@dana, look', '@dana, look'],
    ['```rb\n@channel = 1\n```\n@channel', '```rb\n@channel = 1\n```\n@<>channel'],
    ['        ```\n@all', '        ```\n@<>all'],
  ])('%j becomes %j', (given, expected) => {
    expect(shown(given)).toBe(expected);
  });

  it('everything else stays as it is', () => {
    const text =
      '# Title\n\n**bold** _it_ ~~no~~ [link](https://x.example)\n\n| a |\n|---|\n| 1 |\n\n- [ ] task\r\nend\n';
    expect(toMattermost(text)).toBe(text);
  });
});
