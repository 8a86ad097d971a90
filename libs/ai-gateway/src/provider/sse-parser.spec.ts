import fc from 'fast-check';
import { SseParser, type SseEvent } from './sse-parser';
import { cpuNow } from '../../../../test/support/cpu-time';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function parse(...chunks: (string | Uint8Array)[]): SseEvent[] {
  const parser = new SseParser();
  return [
    ...chunks.flatMap((chunk) => parser.push(typeof chunk === 'string' ? bytes(chunk) : chunk)),
    ...parser.finish(),
  ];
}

describe('SseParser', () => {
  it('reads name and data, with and without the space after the colon', () => {
    expect(parse('event: a\ndata: 1\n\nevent:b\ndata:2\n\n')).toEqual([
      { name: 'a', data: '1' },
      { name: 'b', data: '2' },
    ]);
  });

  it('drops comments, ids, retry hints and events without data', () => {
    expect(parse(': keep-alive\n\nid: 7\nretry: 10\n\nevent: x\n\ndata: 1\n\n')).toEqual([{ name: null, data: '1' }]);
  });

  it('joins several data lines and accepts every kind of line end', () => {
    expect(parse('data: a\r\ndata: b\r\n\r\ndata: c\r\rdata: d\n\n').map(({ data }) => data)).toEqual([
      'a\nb',
      'c',
      'd',
    ]);
  });

  it('does not see an empty line where "\\r\\n" is cut in the middle', () => {
    expect(parse('data: a\r', '\ndata: b\r', '\n\r', '\n')).toEqual([{ name: null, data: 'a\nb' }]);
  });

  it('skips a byte order mark and delivers a last event that lacks its empty line', () => {
    expect(parse('\ufeffdata: 1\n\ndata: [DONE]')).toEqual([
      { name: null, data: '1' },
      { name: null, data: '[DONE]' },
    ]);
  });

  it('refuses an event without end', () => {
    const parser = new SseParser();
    const chunk = bytes('x'.repeat(1024 * 1024));
    parser.push(bytes('data: '));
    expect(() => {
      for (let index = 0; index < 20; index++) parser.push(chunk);
    }).toThrow(RangeError);
  });

  it('yields the same events however the bytes are cut, also inside characters', () => {
    const stream = bytes('event: ä\r\ndata: {"t":"😀 ü"}\r\n\r\n: x\r\ndata: a\rdata: b\n\ndata: é\n\n');
    const whole = parse(stream);
    expect(whole).toHaveLength(3);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 }), (sizes) => {
        const chunks: Uint8Array[] = [];
        for (let at = 0, index = 0; at < stream.length; index++) {
          const size = sizes[index % sizes.length] ?? 1;
          chunks.push(stream.slice(at, at + size));
          at += size;
        }
        expect(parse(...chunks)).toEqual(whole);
      }),
    );
  });

  it('an event of megabytes in small pieces costs what its bytes cost, not the square of it', () => {
    const once = (characters: number): number => {
      const bytes = Buffer.from(`data: ${'x'.repeat(characters)}\n\n`);
      const parser = new SseParser();
      const startedAt = cpuNow();
      let events = 0;
      for (let at = 0; at < bytes.length; at += 1400) events += parser.push(bytes.subarray(at, at + 1400)).length;
      expect(events).toBe(1);
      return cpuNow() - startedAt;
    };
    // Other work on the machine only adds to it.
    const timeOf = (characters: number): number => Math.min(...[1, 2, 3].map(() => once(characters)));
    once(100_000);
    // Sixteen times the bytes took 250 times as long when what waited was put together again for each piece.
    expect(timeOf(3_200_000)).toBeLessThan(100 * Math.max(1, timeOf(200_000)));
  });
});
