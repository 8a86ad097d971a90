import { parseInline } from './inline';
import type { Block } from './tree';

/** Lists in quotes in lists, and so on: deeper than this it is a paragraph. */
const MAX_DEPTH = 5;
const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([\w+#.-]{0,30})/;
const HEADING = /^ {0,3}#{1,6}[ \t]+(\S.*)$/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^ {0,3}>[ \t]?/;
const ITEM = /^( {0,8})(?:[-*+]|(\d{1,9})[.)])[ \t]+(?=\S)/;

/**
 * The small part of Markdown that models write: paragraphs, headings, lists, quotes, code. It makes a tree, never HTML, so nothing in a text
 * can become an element or a script. Half a text, as it comes from a model, is read as far as it goes.
 */
export function parseMarkdown(text: string): Block[] {
  return parseLines(text.replace(/\r\n?/g, '\n').split('\n'), 0);
}

function parseLines(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    if (line.trim() === '') {
      at += 1;
      continue;
    }
    const { block, end } = blockAt(lines, at, depth);
    blocks.push(block);
    at = end;
  }
  return blocks;
}

interface Read {
  block: Block;
  end: number;
}

function blockAt(lines: readonly string[], at: number, depth: number): Read {
  const line = lines[at]!;
  const fence = FENCE.exec(line);
  if (fence !== null) return codeAt(lines, at, fence[1]!, fence[2] ?? '');
  const heading = HEADING.exec(line);
  if (heading !== null) return { block: { kind: 'heading', children: parseInline(heading[1]!) }, end: at + 1 };
  if (RULE.test(line)) return { block: { kind: 'rule' }, end: at + 1 };
  if (depth < MAX_DEPTH && QUOTE.test(line)) return quoteAt(lines, at, depth);
  if (depth < MAX_DEPTH && ITEM.test(line)) return listAt(lines, at, depth);
  return paragraphAt(lines, at, depth);
}

function codeAt(lines: readonly string[], at: number, fence: string, language: string): Read {
  let end = at + 1;
  while (end < lines.length && !lines[end]!.trimStart().startsWith(fence)) end += 1;
  return { block: { kind: 'code', language, text: lines.slice(at + 1, end).join('\n') }, end: end + 1 };
}

function quoteAt(lines: readonly string[], at: number, depth: number): Read {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end]!)) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ''));
  return { block: { kind: 'quote', children: parseLines(inner, depth + 1) }, end };
}

function listAt(lines: readonly string[], at: number, depth: number): Read {
  const [, indent = '', number] = ITEM.exec(lines[at]!)!;
  const isOrdered = number !== undefined;
  const items: string[][] = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const line = lines[end]!;
    const item = ITEM.exec(line);
    if (item !== null && item[1]!.length <= indent.length + 1) {
      if ((item[2] !== undefined) !== isOrdered) break;
      items.push([line.slice(item[0].length)]);
    } else if (/^ {2,}\S/.test(line) || isContinued(lines, end)) {
      items.at(-1)!.push(line.slice(Math.min(4, line.length - line.trimStart().length)));
    } else break;
  }
  const block: Block = {
    kind: 'list',
    isOrdered,
    start: Number(number ?? 1),
    items: items.map((item) => parseLines(item, depth + 1)),
  };
  return { block, end };
}

/** An empty line within a list: what follows it still belongs to the list. */
function isContinued(lines: readonly string[], at: number): boolean {
  if (lines[at]!.trim() !== '') return false;
  const next = lines[at + 1];
  return next !== undefined && (/^ {2,}\S/.test(next) || ITEM.test(next));
}

function paragraphAt(lines: readonly string[], at: number, depth: number): Read {
  let end = at + 1;
  while (end < lines.length && lines[end]!.trim() !== '' && !beginsAnother(lines[end]!, depth)) end += 1;
  const text = lines
    .slice(at, end)
    .map((line) => line.trim())
    .join('\n');
  return { block: { kind: 'paragraph', children: parseInline(text) }, end };
}

const beginsAnother = (line: string, depth: number): boolean =>
  FENCE.test(line) ||
  HEADING.test(line) ||
  RULE.test(line) ||
  (depth < MAX_DEPTH && (QUOTE.test(line) || ITEM.test(line)));
