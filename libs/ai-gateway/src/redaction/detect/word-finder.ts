import type { Span } from './span';

/** One character as people see it, in any case: its base and its marks, in one form. */
interface Unit {
  key: string;
  start: number;
  end: number;
  isWord: boolean;
  /** Of a script that does not put spaces between words, or hangs particles onto them. */
  isUnspaced: boolean;
}

interface Node {
  next: Map<string, Node>;
  /** The longest other beginning that what was read ends with. */
  fallback: Node | null;
  /** Units of the longest word that ends here; 0 for none. */
  length: number;
}

/** No writing piles up more marks; a text may. */
const MAX_MARKED = 8;
const MARK = /\p{M}/u;
const SPACE = /\s/u;
const WORD = /[\p{L}\p{N}_]/u;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Finds words and phrases of a list, in any case, as whole words; white space between words may be of any kind and length. Time is linear in the text,
 * whatever the list holds (Aho and Corasick, 1975). The longest match at a place counts.
 */
export class WordFinder {
  private readonly root: Node = { next: new Map(), fallback: null, length: 0 };

  constructor(words: readonly string[]) {
    for (const word of words) this.add(unitsOf(word.trim()));
    this.link();
  }

  find(text: string): Span[] {
    if (this.root.next.size === 0) return [];
    const units = unitsOf(text);
    const spans: Span[] = [];
    let node = this.root;
    units.forEach((unit, index) => {
      node = this.step(node, unit.key);
      // A shorter word may end here as a whole one where the longest does not.
      for (let end: Node | null = node; end !== null; end = end.fallback) {
        if (end.length === 0 || !isWhole(units, index - end.length + 1, index)) continue;
        spans.push({ type: 'private', start: units[index - end.length + 1]!.start, end: unit.end });
        break;
      }
    });
    return spans;
  }

  private add(units: readonly Unit[]): void {
    let node = this.root;
    for (const { key } of units) {
      let next = node.next.get(key);
      if (next === undefined) node.next.set(key, (next = { next: new Map(), fallback: null, length: 0 }));
      node = next;
    }
    node.length = units.length;
  }

  private link(): void {
    const queue = [...this.root.next.values()];
    for (const child of queue) child.fallback = this.root;
    for (const node of queue) {
      for (const [key, child] of node.next) {
        child.fallback = this.step(node.fallback!, key);
        // Beginnings that are no words of the list need not be visited while looking for one.
        if (child.fallback.length === 0 && child.fallback.next.size === 0) child.fallback = this.root;
        queue.push(child);
      }
    }
  }

  private step(from: Node, key: string): Node {
    let node: Node | null = from;
    while (node !== null) {
      const next = node.next.get(key);
      if (next !== undefined) return next;
      node = node.fallback;
    }
    return this.root;
  }
}

function unitsOf(text: string): Unit[] {
  const units: Unit[] = [];
  let start = 0;
  for (const character of text) {
    const end = start + character.length;
    const last = units.at(-1);
    if (last !== undefined && MARK.test(character)) {
      if (last.key.length < MAX_MARKED) last.key = (last.key + character).normalize('NFC');
      last.end = end;
    } else if (SPACE.test(character)) {
      // Any white space, of any length, is one.
      if (last?.key === ' ') last.end = end;
      else units.push({ key: ' ', start, end, isWord: false, isUnspaced: false });
    } else {
      const key = character.normalize('NFC').toLowerCase();
      units.push({ key, start, end, isWord: WORD.test(character), isUnspaced: UNSPACED.test(character) });
    }
    start = end;
  }
  return units;
}

function isWhole(units: readonly Unit[], first: number, last: number): boolean {
  const joins = (a: Unit | undefined, b: Unit | undefined): boolean =>
    a?.isWord === true && b?.isWord === true && !a.isUnspaced && !b.isUnspaced;
  return !joins(units[first - 1], units[first]) && !joins(units[last], units[last + 1]);
}
