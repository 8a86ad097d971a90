import type { Inline } from './tree';

/** Emphasis in emphasis, and so on: deeper than this it is plain text. */
const MAX_DEPTH = 6;
/** The next place where something may begin: escapes, code, links, emphasis, addresses, ends of lines. */
const SPECIAL = /[\\`[*_\n]|https?:\/\//g;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
/** An address in plain text goes up to a blank or a sign that no address has. */
const ADDRESS = /https?:\/\/[^\s<>"'`\\^{|}\])]+/y;
/** Belongs to the sentence, not to the address. */
const TRAILING = /[.,;:!?*_~]+$/;
/** Texts and targets of links are looked for within so many characters, so that no text takes long. */
const MAX_LINK = 2_000;

/** Only addresses of the web: what else a model writes (`javascript:`, `data:` …) is shown as text and never followed. */
export function safeHref(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

/** Text with emphasis, code, links and line breaks. Whatever has no end is shown as it is written. */
export function parseInline(source: string, depth = 0): Inline[] {
  const nodes: Inline[] = [];
  let plain = '';
  const push = (node: Inline): void => {
    if (plain !== '') nodes.push({ kind: 'text', text: plain });
    plain = '';
    nodes.push(node);
  };
  let at = 0;
  // What was looked for in vain is not there further on either: each is looked for once, so the time grows with the length only.
  const missing = new Set<string>();
  while (at < source.length) {
    SPECIAL.lastIndex = at;
    const next = SPECIAL.exec(source);
    if (next === null) break;
    plain += source.slice(at, next.index);
    at = next.index;
    const found = special(source, at, depth, missing);
    if (found === undefined) {
      plain += source[at];
      at += 1;
    } else {
      if (typeof found.node === 'string') plain += found.node;
      else push(found.node);
      at = found.end;
    }
  }
  plain += source.slice(at);
  if (plain !== '') nodes.push({ kind: 'text', text: plain });
  return nodes;
}

interface Found {
  node: Inline | string;
  end: number;
}

function special(source: string, at: number, depth: number, missing: Set<string>): Found | undefined {
  switch (source[at] ?? '') {
    case '\n':
      return { node: { kind: 'break' }, end: at + 1 };
    case '\\': {
      const next = source[at + 1] ?? '';
      return ESCAPABLE.test(next) ? { node: next, end: at + 2 } : undefined;
    }
    case '`':
      return code(source, at, missing);
    case '[':
      return depth < MAX_DEPTH ? link(source, at, depth) : undefined;
    case '*':
    case '_':
      return depth < MAX_DEPTH ? emphasis(source, at, depth, missing) : undefined;
    default:
      return address(source, at);
  }
}

function code(source: string, at: number, missing: Set<string>): Found | undefined {
  let ticks = 1;
  while (source[at + ticks] === '`') ticks += 1;
  const fence = '`'.repeat(ticks);
  const end = find(source, fence, at + ticks, missing);
  if (end === -1) return { node: fence, end: at + ticks };
  return { node: { kind: 'code', text: source.slice(at + ticks, end).trim() }, end: end + ticks };
}

function link(source: string, at: number, depth: number): Found | undefined {
  const near = source.slice(at, at + MAX_LINK);
  const middle = near.indexOf('](');
  const end = middle === -1 ? -1 : near.indexOf(')', middle);
  const text = near.slice(1, middle);
  if (end === -1 || text.includes('[') || text.includes('\n')) return undefined;
  const href = safeHref(near.slice(middle + 2, end).trim());
  if (href === undefined) return undefined;
  return { node: { kind: 'link', href, children: withoutLinks(parseInline(text, depth + 1)) }, end: at + end + 1 };
}

/** A link in a link has no meaning. */
const withoutLinks = (nodes: Inline[]): Inline[] =>
  nodes.flatMap((node) => (node.kind === 'link' ? withoutLinks(node.children) : [node]));

function emphasis(source: string, at: number, depth: number, missing: Set<string>): Found | undefined {
  const sign = source[at]!;
  const mark = source[at + 1] === sign ? sign + sign : sign;
  const begin = at + mark.length;
  // `snake_case` and `2 * 3` are none.
  if (/\s/.test(source[begin] ?? ' ') || (sign === '_' && /\w/.test(source[at - 1] ?? ' '))) {
    return { node: mark, end: begin };
  }
  const end = find(source, mark, begin + 1, missing);
  const isInWord = sign === '_' && /\w/.test(source[end + mark.length] ?? ' ');
  if (end === -1 || /\s/.test(source[end - 1]!) || isInWord) return { node: mark, end: begin };
  const children = parseInline(source.slice(begin, end), depth + 1);
  return { node: { kind: mark.length === 2 ? 'strong' : 'emphasis', children }, end: end + mark.length };
}

function address(source: string, at: number): Found | undefined {
  ADDRESS.lastIndex = at;
  const text = ADDRESS.exec(source)?.[0].replace(TRAILING, '');
  const href = text === undefined ? undefined : safeHref(text);
  if (text === undefined || href === undefined) return { node: 'http', end: at + 4 };
  return { node: { kind: 'link', href, children: [{ kind: 'text', text }] }, end: at + text.length };
}

function find(source: string, what: string, from: number, missing: Set<string>): number {
  if (missing.has(what)) return -1;
  const at = source.indexOf(what, from);
  if (at === -1) missing.add(what);
  return at;
}
