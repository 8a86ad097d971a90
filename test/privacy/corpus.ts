import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a sentence has of personal data, in its order. */
export interface Label {
  type: string;
  start: number;
  end: number;
}

export interface Sentence {
  text: string;
  labels: Label[];
}

/** What the corpus was written for: countries whose national telephone numbers are known, and a list of private words. */
export const COUNTRIES = ['DE', 'US', 'GB'] as const;
export const PRIVATE_WORDS = ['Project Falcon', 'Zoë', '猎鹰项目', 'Blue-Sky', 'Łódź Works'];

/** The labelled sentences of `corpus.txt`. */
export function readCorpus(): Sentence[] {
  const lines = readFileSync(join(__dirname, 'corpus.txt'), 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '' && !line.startsWith('#')).map(toSentence);
}

function toSentence(line: string): Sentence {
  const labels: Label[] = [];
  let text = '';
  let from = 0;
  const marked = line.replace(/^~ /, '');
  for (const { index, 0: mark, 1: type, 2: value } of marked.matchAll(/\{\{(\w+)\|(.+?)\}\}/g)) {
    text += marked.slice(from, index);
    labels.push({ type: type!, start: text.length, end: text.length + value!.length });
    text += value!;
    from = index + mark.length;
  }
  return { text: text + marked.slice(from), labels };
}
