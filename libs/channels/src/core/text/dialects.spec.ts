import fc from 'fast-check';
import { toPlainText, toWhatsApp } from './dialects';
import { cpuNow } from '../../../../../test/support/cpu-time';

describe('markdown for WhatsApp', () => {
  it.each([
    ['**bold**', '*bold*'],
    ['__bold__', '*bold*'],
    ['*italic* and _italic_', '_italic_ and _italic_'],
    ['***both***', '_*both*_'],
    ['**bold _and_ italic**', '*bold _and_ italic*'],
    ['~~gone~~', '~gone~'],
    ['about ~5 km', 'about ~5 km'],
    ['`a_b*c`', '`a_b*c`'],
    ['snake_case_name and 2 * 3 * 4', 'snake_case_name and 2 * 3 * 4'],
    ['\\*not bold\\*', '*not bold*'],
    ['**unclosed', '**unclosed'],
    ['a ** b ** c', 'a ** b ** c'],
    ['# Title', '*Title*'],
    ['## **Title** here', '*Title here*'],
    ['[the docs](https://example.org/a_b(c)?x=*1*)', 'the docs (https://example.org/a_b(c)?x=*1*)'],
    ['[https://example.org](https://example.org)', 'https://example.org'],
    ['[mail](mailto:a@example.org)', 'mail (a@example.org)'],
    ['[above](#section)', 'above'],
    ['[the guide](docs/guide.md)', 'the guide (docs/guide.md)'],
    ['[](wörter)', 'wörter'],
    ['![A cat](https://example.org/cat.png)', 'A cat (https://example.org/cat.png)'],
    ['<https://example.org/x_y_z>', 'https://example.org/x_y_z'],
    ['see https://example.org/_foo_/__bar__ now', 'see https://example.org/_foo_/__bar__ now'],
    ['**https://example.org/x**', '*https://example.org/x*'],
    ['* one\n* two\n  * deeper', '- one\n- two\n  - deeper'],
    ['1) one\n2) **two**', '1. one\n2. *two*'],
    ['- [ ] open\n- [x] done', '- ☐ open\n- ☑ done'],
    ['> quoted **text**', '> quoted *text*'],
    ['a\n\n---\n\nb', 'a\n\n---\n\nb'],
    ['first  \nsecond\\\nthird', 'first\nsecond\nthird'],
    ['one<br>two &amp; three', 'one\ntwo & three'],
    ['**two\nlines**', '*two*\n*lines*'],
    ['**Fett**ung', 'Fettung'],
    ['这是**“重点”**。', '这是“重点”。'],
    ['**重点**：内容', '*重点*：内容'],
    ['a\n\n\n\n\nb', 'a\n\nb'],
  ])('%j is %j', (markdown, expected) => {
    expect(toWhatsApp(markdown)).toBe(expected);
  });

  it('leaves code as it is', () => {
    expect(toWhatsApp('Look:\n```ts\nconst a = **b**;\n\n\n# no title\n```\n**end**')).toBe(
      'Look:\n```\nconst a = **b**;\n\n\n# no title\n```\n*end*',
    );
    expect(toWhatsApp('1. Run\n   ```sh\n   ls\n     -l\n   ```')).toBe('1. Run\n```\nls\n  -l\n```');
    expect(toWhatsApp('~~~\nunclosed *')).toBe('```\nunclosed *\n```');
  });

  it('says what stands in a table that has only a head, and takes a lone carriage return for the end of a line', () => {
    expect(toPlainText('Item | Price\n---|---')).toBe('- Item: Price');
    expect(toPlainText('```\rcode\r```\rtext')).toBe('code\ntext');
  });

  it('makes lists of tables', () => {
    const two = '| Plan | Price |\n|---|---:|\n| **Basic** | 5 € |\n| Pro | 9 € |';
    expect(toWhatsApp(two)).toBe('- *Basic*: 5 €\n- *Pro*: 9 €');
    const three = 'Plan | Price | Users\n---|---|---\nBasic | 5 € | 1 \\| 2\n';
    expect(toWhatsApp(three)).toBe('- *Basic* – Price: 5 €; Users: 1 | 2');
  });
});

describe('markdown as plain text', () => {
  it('has no signs left', () => {
    const markdown =
      '# Title\n\n**bold**, *italic*, ~~gone~~ and `code`\n\n- [the docs](https://example.org)\n\n```js\nlet a;\n```';
    expect(toPlainText(markdown)).toBe(
      'Title\n\nbold, italic, gone and code\n\n- the docs (https://example.org)\n\nlet a;',
    );
  });
});

describe('any text', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '*',
      '**',
      '***',
      '_',
      '__',
      '~~',
      '`',
      '```',
      '\n',
      '\n\n',
      '# ',
      '- ',
      '> ',
      '|',
      '---',
      '[',
      '](',
    ),
    fc.constantFrom(')', 'https://example.org', ' ', '\\', '<', '&amp;', '!', 'word', 'wörter', '重点', '👋'),
    fc.string({ unit: 'binary', maxLength: 10 }),
  );
  const anyMarkdown = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('').toWellFormed());

  it('keeps every word, and stays well formed', () => {
    const words = (text: string): string[] => text.match(/word|wörter|重点|👋/gu) ?? [];
    fc.assert(
      fc.property(anyMarkdown, (markdown) => {
        for (const text of [toWhatsApp(markdown), toPlainText(markdown)]) {
          expect(text.isWellFormed()).toBe(true);
          expect(words(text).length).toBeGreaterThanOrEqual(words(markdown).length - wordsNotSaid(markdown));
        }
      }),
      { numRuns: 2000 },
    );
  });

  /** The language of a block of code is not said, nor a place within the text that a link goes to, nor every name of a column. */
  const wordsNotSaid = (markdown: string): number =>
    markdown
      .replace(/\r\n?/g, '\n')
      .match(
        /(?<=^|\n)[ \t]*(?:`{3,}|~{3,})[^\n]*|\]\(\s*<?#\S*|(?<=^|\n)[^\n]*\|[^\n]*(?=\n[\s|:-]*-[\s|:-]*(?:\n|$))/g,
      )
      ?.join('')
      .match(/word|wörter|重点|👋/gu)?.length ?? 0;

  it('takes what was made to be slow in a moment', () => {
    const begun = cpuNow();
    for (const slow of [
      '*a ',
      '**a',
      '[',
      '![](',
      '`'.repeat(7),
      '_a_',
      '<a',
      '[a](b',
      '|-|\n',
      '> ',
      '~~a',
      'https://',
    ]) {
      toWhatsApp(slow.repeat(Math.ceil(100_000 / slow.length)));
    }
    toWhatsApp(Array.from({ length: 400 }, (_, index) => '`'.repeat(index + 1)).join('x'));
    expect(cpuNow() - begun).toBeLessThan(20_000);
  });
});
