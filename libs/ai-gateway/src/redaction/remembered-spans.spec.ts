import { RememberedSpans } from './remembered-spans';

describe('what was found in texts', () => {
  it('is remembered per settings', () => {
    const spans = new RememberedSpans();
    let looks = 0;
    const find = () => {
      looks += 1;
      return [];
    };
    for (const settings of ['1', '2', '1', '2']) spans.of(settings, 'text', find);
    expect(looks).toBe(2);
  });

  it('is forgotten when it is too much together: long texts, many settings, and many finds alike', () => {
    const spans = new RememberedSpans();
    const text = 'x'.repeat(100_000);
    const found = Array.from({ length: 10_000 }, (_, index) => ({
      type: 'email' as const,
      start: index,
      end: index + 1,
    }));
    let looks = 0;
    const find = () => {
      looks += 1;
      return found;
    };
    for (let settings = 0; settings < 200; settings += 1) spans.of(String(settings), text, find);
    expect(looks).toBe(200);
    spans.of('199', text, find);
    expect(looks).toBe(200);
    // 420,000 units each: of the 84 million at most 5 are kept.
    for (let settings = 0; settings < 188; settings += 1) spans.of(String(settings), text, find);
    expect(looks).toBe(388);
  });
});
