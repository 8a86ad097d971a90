import { type InlineDialect, renderInline } from './inline';

/** How a channel writes the blocks of markdown. */
interface Dialect extends InlineDialect {
  heading(text: string): string;
  codeBlock(text: string): string;
  /** The first cell of a row, which says what the row is about. */
  label(text: string): string;
}

/** @see https://faq.whatsapp.com/539178204879377 */
const WHATSAPP: Dialect = {
  marks: { strong: '*', em: '_', strike: '~' },
  code: (text) => `\`${text.replaceAll('`', "'")}\``,
  heading: (text) => (text === '' ? '' : `*${text}*`),
  // Three backticks inside would end it.
  codeBlock: (text) => `\`\`\`\n${text.replaceAll('```', "'''")}\n\`\`\``,
  label: (text) => (text === '' ? '' : `*${text}*`),
};

const PLAIN: Dialect = {
  marks: { strong: null, em: null, strike: null },
  code: (text) => text,
  heading: (text) => text,
  codeBlock: (text) => text,
  label: (text) => text,
};

/** Markdown as WhatsApp writes it: `*bold*`, `_italic_`, `~struck~`, fenced code; headings are bold, tables are lists, links show their address. */
export const toWhatsApp = (markdown: string): string => render(markdown, WHATSAPP);

/** Markdown without its signs, for channels that show text as it is. */
export const toPlainText = (markdown: string): string => render(markdown, PLAIN);

const FENCE = /^([ \t]*)(`{3,}|~{3,})([^`]*)$/;
const HEADING = /^ {0,3}#{1,6}[ \t]+(.*)$/;
const RULE = /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/;
const ITEM = /^([ \t]*)(?:[-*+]|(\d{1,9})[.)])[ \t]+(?:\[([ xX])\][ \t]+)?(.*)$/;
const QUOTE = /^ {0,3}(?:>[ \t]?)+(.*)$/;
const TABLE_RULE_CELL = /^:?-+:?$/;
/** A longer name of a column is not said in each row again: a small table would become a book. */
const LONGEST_COLUMN_NAME = 60;

function render(markdown: string, dialect: Dialect): string {
  const lines = markdown.split(/\r\n|\r|\n/);
  const out: string[] = [];
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    if (paragraph.length > 0) out.push(renderInline(paragraph.join('\n'), dialect));
    paragraph = [];
  };
  const add = (...rendered: string[]): void => {
    endParagraph();
    out.push(...rendered);
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const fence = FENCE.exec(line);
    const next = lines[index + 1] ?? '';
    if (fence) {
      const block = codeFrom(lines, index, fence);
      add(dialect.codeBlock(block.text));
      index = block.last;
    } else if (line.includes('|') && isTableRule(next)) {
      const table = tableFrom(lines, index);
      add(...renderTable(table.rows, dialect));
      index = table.last;
    } else if (line.trim() === '') add('');
    else if (paragraph.length === 1 && /^=+[ \t]*$/.test(line)) {
      const [title = ''] = paragraph;
      paragraph = [];
      add(renderHeading(title, dialect));
    } else if (!renderLine(line, dialect, add)) paragraph.push(line.replace(/(?:(?<! ) {2,}|\\)$/, ''));
  }
  endParagraph();
  return tidy(out);
}

/** A line that is a block of its own. @returns false: it belongs to a paragraph */
function renderLine(line: string, dialect: Dialect, add: (...rendered: string[]) => void): boolean {
  const heading = HEADING.exec(line);
  if (heading) {
    add(renderHeading(withoutClosingSigns(heading[1] ?? ''), dialect));
    return true;
  }
  if (RULE.test(line)) {
    add('---');
    return true;
  }
  const item = ITEM.exec(line);
  if (item) {
    const [, space = '', number, task, text = ''] = item;
    const indent = ' '.repeat(Math.min(Math.floor(space.replaceAll('\t', '    ').length / 2) * 2, 12));
    const box = task === undefined ? '' : task === ' ' ? '☐ ' : '☑ ';
    add(`${indent}${number === undefined ? '-' : `${number}.`} ${box}${renderInline(text, dialect)}`);
    return true;
  }
  const quote = QUOTE.exec(line);
  if (quote) add(`> ${renderInline(quote[1] ?? '', dialect)}`.trimEnd());
  return quote !== null;
}

const renderHeading = (text: string, dialect: Dialect): string =>
  dialect.heading(renderInline(text, dialect, ['strong']).trim());

/** `## Title ##` is `## Title`. */
function withoutClosingSigns(title: string): string {
  let end = title.trimEnd().length;
  while (title.charAt(end - 1) === '#') end -= 1;
  return title.slice(0, end).trimEnd();
}

const isTableRule = (line: string): boolean =>
  line.includes('|') && cellsOf(line).every((cell) => TABLE_RULE_CELL.test(cell));

/** Up to the fence that closes it, or the end. */
function codeFrom(lines: string[], first: number, fence: RegExpExecArray): { text: string; last: number } {
  const [, space = '', marker = '```'] = fence;
  const content: string[] = [];
  let last = first + 1;
  for (; last < lines.length; last += 1) {
    const line = lines[last] ?? '';
    const close = line.trim();
    if (close.startsWith(marker) && close === marker.charAt(0).repeat(close.length)) break;
    content.push(line.startsWith(space) ? line.slice(space.length) : line.trimStart());
  }
  return { text: content.join('\n'), last };
}

function tableFrom(lines: string[], first: number): { rows: string[][]; last: number } {
  const rows = [cellsOf(lines[first] ?? '')];
  let last = first + 1;
  while (last + 1 < lines.length && lines[last + 1]?.includes('|') === true) {
    last += 1;
    rows.push(cellsOf(lines[last] ?? ''));
  }
  return { rows, last };
}

function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** A phone is too narrow for columns: each row is an item of a list, and names its columns. */
function renderTable([head = [], ...rows]: string[][], dialect: Dialect): string[] {
  const write = (cell: string): string => renderInline(cell, dialect);
  const isHeadOnly = rows.length === 0;
  const names = isHeadOnly ? [] : head.map(write).map((name) => (name.length > LONGEST_COLUMN_NAME ? '' : name));
  return (isHeadOnly ? [head] : rows).map(([first = '', ...cells]) => {
    const label = dialect.label(renderInline(first, dialect, ['strong']));
    const values = cells.map((cell, index) => {
      const name = cells.length > 1 ? (names[index + 1] ?? '') : '';
      return name === '' || cell === '' ? write(cell) : `${name}: ${write(cell)}`;
    });
    const rest = values.filter((value) => value !== '').join('; ');
    return `- ${[label, rest].filter((part) => part !== '').join(cells.length > 1 ? ' – ' : ': ')}`;
  });
}

/** At most one empty line between blocks; those inside of code stay. */
function tidy(blocks: string[]): string {
  const kept = blocks.filter((block, index) => block.trim() !== '' || (index > 0 && blocks[index - 1]?.trim() !== ''));
  return kept.join('\n').trim();
}
