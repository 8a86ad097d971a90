import { readTraceParent, writeTraceParent } from './trace-parent';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('traceparent', () => {
  it('reads what it writes, in 55 characters', () => {
    const text = `00-${TRACE}-${SPAN}-01`;
    expect(readTraceParent(text)).toEqual({ traceId: TRACE, spanId: SPAN, flags: 1 });
    expect(writeTraceParent({ traceId: TRACE, spanId: SPAN, flags: 1 })).toBe(text);
    expect(text).toHaveLength(55);
  });

  it('takes later versions, with what they may add, and keeps of the flags only whether it is recorded', () => {
    expect(readTraceParent(`01-${TRACE}-${SPAN}-ff-more`)).toEqual({ traceId: TRACE, spanId: SPAN, flags: 1 });
  });

  it.each([
    ['nothing', undefined],
    ['a list', [`00-${TRACE}-${SPAN}-01`]],
    ['words', 'hello'],
    ['capital letters', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['more than version 00 has', `00-${TRACE}-${SPAN}-01-more`],
    ['the version that is none', `ff-${TRACE}-${SPAN}-01`],
  ])('%s begins a new trace', (_what, text) => expect(readTraceParent(text)).toBeUndefined());
});
