import type { PiiRedaction } from '@app/personas';
import type { CountryCode } from 'libphonenumber-js/max';
import { findCards } from './card';
import { findEmails } from './email';
import { findIbans } from './iban';
import { findPhones } from './phone';
import { plainDigits } from './plain-digits';
import type { Span } from './span';
import { WordFinder } from './word-finder';

/** What a text is searched for. Stateless; the time is linear in the text. */
export class PiiDetector {
  private readonly wanted: ReadonlySet<string>;
  private readonly words: WordFinder;

  /** @param countries whose national telephone numbers are known; international ones always are */
  constructor(
    settings: PiiRedaction,
    private readonly countries: readonly CountryCode[],
  ) {
    this.wanted = new Set<string>([...settings.types, 'private']);
    this.words = new WordFinder(settings.custom);
  }

  /** In order and without overlaps. */
  find(text: string): Span[] {
    const plain = plainDigits(text);
    // In the order of what a number rather is. The unwanted, too: a card number is no telephone number when cards may be seen.
    const byForm = withoutOverlaps([findEmails(plain), findIbans(plain), findCards(plain), this.phonesIn(plain)]);
    const wanted = [...byForm, ...this.words.find(text)].filter(({ type }) => this.wanted.has(type));
    return united(wanted);
  }

  private phonesIn(plain: string): Span[] {
    return this.wanted.has('phone') ? findPhones(plain, this.countries) : [];
  }
}

/** Earlier lists win. Linear after sorting: within what won, no two overlap. */
function withoutOverlaps(lists: readonly Span[][]): Span[] {
  return lists.reduce((won, list) => {
    const kept: Span[] = [];
    let next = 0;
    for (const span of united(list)) {
      while (next < won.length && won[next]!.end <= span.start) next += 1;
      if (next === won.length || won[next]!.start >= span.end) kept.push(span);
    }
    return [...won, ...kept].sort(byPlace);
  }, []);
}

/** Overlapping spans as one: whatever one of them covers is covered. The first one gives the type. */
function united(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of [...spans].sort(byPlace)) {
    const last = all.at(-1);
    if (last !== undefined && span.start < last.end) last.end = Math.max(last.end, span.end);
    else all.push({ ...span });
  }
  return all;
}

const byPlace = (a: Span, b: Span): number => a.start - b.start || b.end - a.end;
