import { randomInt } from 'node:crypto';

/** Where a pattern ends in a text. */
export interface Occurrence {
  pattern: number;
  /** First character after it. */
  end: number;
}

/** How full the table of children may be. */
const MAX_LOAD = 0.6;
/** Nobody knows which patterns would get into each other's way in the table. */
const SEED = randomInt(2 ** 32);

/**
 * Finds many texts in one at once (Aho and Corasick, 1975): time linear in the text and in what is found, whatever the patterns are. That is why nothing that
 * people configure ever becomes a regular expression. All of it is in a few arrays of numbers, about 50 bytes for each character of the patterns: as objects it
 * would take eight times as much, and as long to make.
 */
export class Automaton {
  private nodes = 1;
  /** By node: the node before it, and the unit that leads from there to it. */
  private parent: Int32Array;
  private unit: Uint16Array;
  /** By node: the longest proper suffix that is the beginning of a pattern. */
  private fail: Int32Array;
  /** By node: the nearest suffix at which a pattern ends; 0: none. */
  private shorter: Int32Array;
  /** By node: the first of the patterns that end there; by pattern: the next one that ends at the same place. -1: none. */
  private firstPattern: Int32Array;
  private readonly nextPattern: Int32Array;
  /** Children, by a hash of node and unit; 0: free. */
  private readonly table: Int32Array;
  private readonly mask: number;

  constructor(patterns: readonly string[]) {
    const most = patterns.reduce((sum, pattern) => sum + pattern.length, 1);
    this.parent = new Int32Array(most);
    this.unit = new Uint16Array(most);
    this.firstPattern = new Int32Array(most).fill(-1);
    this.nextPattern = new Int32Array(patterns.length).fill(-1);
    const size = 2 ** Math.ceil(Math.log2(most / MAX_LOAD));
    this.table = new Int32Array(size);
    this.mask = size - 1;
    // What comes first is found first.
    for (let index = patterns.length - 1; index >= 0; index -= 1) this.add(patterns[index]!, index);
    // Patterns share their beginnings, so mostly there are fewer.
    this.parent = this.parent.slice(0, this.nodes);
    this.unit = this.unit.slice(0, this.nodes);
    this.firstPattern = this.firstPattern.slice(0, this.nodes);
    this.fail = new Int32Array(this.nodes);
    this.shorter = new Int32Array(this.nodes);
    this.link();
  }

  /** Every occurrence, in the order of its end. */
  *find(text: string): Generator<Occurrence, void> {
    const { firstPattern, nextPattern, shorter } = this;
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      state = this.after(state, text.charCodeAt(at));
      for (let node = firstPattern[state]! >= 0 ? state : shorter[state]!; node !== 0; node = shorter[node]!) {
        for (let pattern = firstPattern[node]!; pattern >= 0; pattern = nextPattern[pattern]!) {
          yield { pattern, end: at + 1 };
        }
      }
    }
  }

  private after(from: number, unit: number): number {
    let state = from;
    for (;;) {
      const next = this.childOf(state, unit);
      if (next !== 0 || state === 0) return next;
      state = this.fail[state]!;
    }
  }

  private add(pattern: string, index: number): void {
    let state = 0;
    for (let at = 0; at < pattern.length; at += 1) {
      const unit = pattern.charCodeAt(at);
      const slot = this.slotOf(state, unit);
      if (this.table[slot] === 0) {
        this.table[slot] = this.nodes;
        this.parent[this.nodes] = state;
        this.unit[this.nodes] = unit;
        this.nodes += 1;
      }
      state = this.table[slot]!;
    }
    if (state === 0) return;
    this.nextPattern[index] = this.firstPattern[state]!;
    this.firstPattern[state] = index;
  }

  /** Breadth first, so that what a node falls back to is ready before it. */
  private link(): void {
    for (const node of this.byDepth()) {
      const parent = this.parent[node]!;
      const target = parent === 0 ? 0 : this.after(this.fail[parent]!, this.unit[node]!);
      this.fail[node] = target;
      this.shorter[node] = this.firstPattern[target]! >= 0 ? target : this.shorter[target]!;
    }
  }

  /** All nodes but the first. A node is made after its parent. */
  private byDepth(): Int32Array {
    const depth = new Int32Array(this.nodes);
    for (let node = 1; node < this.nodes; node += 1) depth[node] = depth[this.parent[node]!]! + 1;
    return Int32Array.from({ length: this.nodes - 1 }, (_, index) => index + 1).sort((a, b) => depth[a]! - depth[b]!);
  }

  /** 0: none; nothing leads to the first node. */
  private childOf(state: number, unit: number): number {
    return this.table[this.slotOf(state, unit)]!;
  }

  /** Where that child is, or would be. */
  private slotOf(state: number, unit: number): number {
    // The end of MurmurHash 3.
    let hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(unit + 1, SEED | 1);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    let slot = (hash ^ (hash >>> 16)) & this.mask;
    for (;;) {
      const node = this.table[slot]!;
      if (node === 0 || (this.parent[node] === state && this.unit[node] === unit)) return slot;
      slot = (slot + 1) & this.mask;
    }
  }
}
