import { parseMarkdown } from './blocks';
import { safeHref } from './inline';
import type { Block, Inline } from './tree';

const text = (value: string): Inline => ({ kind: 'text', text: value });
const paragraph = (...children: Inline[]): Block => ({ kind: 'paragraph', children });

/** Every address that a tree would make a link to. */
const hrefs = (value: unknown): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => (key === 'href' ? [String(inner)] : hrefs(inner)));

describe('what models write', () => {
  it('paragraphs, with the line breaks that they have', () => {
    expect(parseMarkdown('Hello\nthere\n\nyou')).toEqual([
      paragraph(text('Hello'), { kind: 'break' }, text('there')),
      paragraph(text('you')),
    ]);
  });

  it('emphasis and code, and none in the middle of names and sums', () => {
    expect(parseMarkdown('**bold** and *soft* `a*b*c`')).toEqual([
      paragraph(
        { kind: 'strong', children: [text('bold')] },
        text(' and '),
        { kind: 'emphasis', children: [text('soft')] },
        text(' '),
        { kind: 'code', text: 'a*b*c' },
      ),
    ]);
    expect(parseMarkdown('snake_case_name, 2 * 3 * 4, 50 \\* 2')).toEqual([
      paragraph(text('snake_case_name, 2 * 3 * 4, 50 * 2')),
    ]);
  });

  it('lists in lists, numbers as they were counted', () => {
    expect(parseMarkdown('Steps:\n3. one\n   - a\n   - b\n4. two')).toEqual([
      paragraph(text('Steps:')),
      {
        kind: 'list',
        isOrdered: true,
        start: 3,
        items: [
          [
            paragraph(text('one')),
            { kind: 'list', isOrdered: false, start: 1, items: [[paragraph(text('a'))], [paragraph(text('b'))]] },
          ],
          [paragraph(text('two'))],
        ],
      },
    ]);
  });

  it('code as it is, also while its end has not come yet', () => {
    expect(parseMarkdown('```js\nconst a = "<b>";\n```\nafter')).toEqual([
      { kind: 'code', language: 'js', text: 'const a = "<b>";' },
      paragraph(text('after')),
    ]);
    expect(parseMarkdown('```\nhalf')).toEqual([{ kind: 'code', language: '', text: 'half' }]);
  });

  it('headings, quotes, rules', () => {
    expect(parseMarkdown('## Title\n> said\n\n---')).toEqual([
      { kind: 'heading', children: [text('Title')] },
      { kind: 'quote', children: [paragraph(text('said'))] },
      { kind: 'rule' },
    ]);
  });

  it('links to the web, and to nothing else', () => {
    const links =
      '[a](https://a.example/x) http://b.example/y. [c](javascript:alert(1)) [d](data:text/html,x) [e](//evil)';
    expect(hrefs(parseMarkdown(links))).toEqual(['https://a.example/x', 'http://b.example/y']);
    for (const address of ['javascript:alert(1)', ' https://x', 'vbscript:x', 'https://', 'HTTPS://ok.example']) {
      expect(safeHref(address)).toBe(address === 'HTTPS://ok.example' ? 'https://ok.example/' : undefined);
    }
  });

  it('HTML is text', () => {
    expect(parseMarkdown('<img src=x onerror=alert(1)>')).toEqual([paragraph(text('<img src=x onerror=alert(1)>'))]);
  });

  it('loses no letter of texts that are no Markdown, wherever they are cut', () => {
    const whole = 'a **b [c](http://x) `d` _e_ \\* f* g_ [h](i) **';
    for (let length = 0; length <= whole.length; length += 1) {
      const letters = JSON.stringify(parseMarkdown(whole.slice(0, length)));
      for (const letter of whole.slice(0, length).match(/\b[a-i]\b/g) ?? []) {
        expect(letters.includes(`${letter}`)).toBe(true);
      }
    }
  });

  it('takes no longer for texts that are made to be slow', () => {
    for (const piece of ['*a ', '[', '`a', '> ', '- ', '[a](', '_a*', 'http://', '**a*', '\n1. ', '![[']) {
      const begin = performance.now();
      parseMarkdown(piece.repeat(Math.ceil(32_000 / piece.length)));
      expect(performance.now() - begin).toBeLessThan(5_000);
    }
  });
});
