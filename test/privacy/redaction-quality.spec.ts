import { PiiDetector } from '../../libs/ai-gateway/src/redaction/detect/pii-detector';
import { COUNTRIES, type Label, PRIVATE_WORDS, readCorpus } from './corpus';

const TYPES = ['email', 'phone', 'card', 'iban', 'private'] as const;

/** What docs/privacy.md promises. The corpus has lines that cannot be caught, so that recall is not 1. */
const LEAST = {
  email: { recall: 0.94, precision: 0.98 },
  phone: { recall: 0.95, precision: 0.98 },
  card: { recall: 0.9, precision: 1 },
  iban: { recall: 0.96, precision: 1 },
  private: { recall: 0.85, precision: 1 },
};

const detector = new PiiDetector({ types: ['email', 'phone', 'card', 'iban'], custom: PRIVATE_WORDS }, COUNTRIES);

interface Tally {
  labelled: number;
  caught: number;
  found: number;
  right: number;
}

const covers = (outer: Label, inner: Label): boolean =>
  outer.type === inner.type && outer.start <= inner.start && outer.end >= inner.end;
const touches = (a: Label, b: Label): boolean => a.type === b.type && a.start < b.end && b.start < a.end;

/** A label is caught when it is covered as a whole: half a telephone number that goes out is one too many. */
function measure(): { tallies: Record<string, Tally>; misses: string[]; mistakes: string[] } {
  const tallies = Object.fromEntries(
    TYPES.map((type): [string, Tally] => [type, { labelled: 0, caught: 0, found: 0, right: 0 }]),
  );
  const misses: string[] = [];
  const mistakes: string[] = [];
  for (const { text, labels } of readCorpus()) {
    const spans = detector.find(text);
    for (const label of labels) {
      tallies[label.type]!.labelled += 1;
      if (spans.some((span) => covers(span, label))) tallies[label.type]!.caught += 1;
      else misses.push(`${label.type}: ${text.slice(label.start, label.end)}`);
    }
    for (const span of spans) {
      tallies[span.type]!.found += 1;
      if (labels.some((label) => touches(span, label))) tallies[span.type]!.right += 1;
      else mistakes.push(`${span.type}: ${text.slice(span.start, span.end)} in: ${text}`);
    }
  }
  return { tallies, misses, mistakes };
}

const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

describe('what redaction finds in the labelled corpus', () => {
  const { tallies, misses, mistakes } = measure();

  it('has at least 200 sentences, and some of each type', () => {
    expect(readCorpus().length).toBeGreaterThanOrEqual(200);
    for (const type of TYPES) expect(tallies[type]!.labelled).toBeGreaterThanOrEqual(10);
  });

  it.each(TYPES)('finds and leaves alone as much as is promised: %s', (type) => {
    const { labelled, caught, found, right } = tallies[type]!;
    expect(share(caught, labelled)).toBeGreaterThanOrEqual(LEAST[type].recall);
    expect(share(right, found)).toBeGreaterThanOrEqual(LEAST[type].precision);
  });

  afterAll(() => {
    const lines = TYPES.map((type) => {
      const { labelled, caught, found, right } = tallies[type]!;
      const recall = share(caught, labelled).toFixed(3);
      const precision = share(right, found).toFixed(3);
      return `${type.padEnd(8)} recall ${recall} (${caught} of ${labelled})  precision ${precision} (${right} of ${found})`;
    });
    process.stdout.write(
      [
        '',
        'Redaction on the labelled corpus',
        ...lines,
        'missed:',
        ...misses.map((miss) => `  ${miss}`),
        'wrongly found:',
        ...mistakes.map((mistake) => `  ${mistake}`),
        '',
      ].join('\n'),
    );
  });
});
