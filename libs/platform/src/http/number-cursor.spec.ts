import { decodeCursor, encodeCursor, toPage } from './number-cursor';

describe('cursor', () => {
  it('comes back as what it was made of', () => {
    expect(decodeCursor(encodeCursor(42))).toBe(42);
  });

  it.each([
    '',
    'x',
    '42',
    encodeCursor(-1),
    encodeCursor(1.5),
    encodeCursor(NaN),
    Buffer.from('[99999999999999999]').toString('base64url'),
  ])('refuses %j with a 422 that names it', (text) => {
    const refusal = { status: 422, extra: { errors: [{ field: 'cursor' }] } };
    return expect((async () => Promise.resolve(decodeCursor(text)))()).rejects.toMatchObject(refusal);
  });

  it('says that there is more when there is one item more than fits', () => {
    expect(toPage([9, 8, 7], 2, (item) => item)).toEqual({ items: [9, 8], hasMore: true, nextCursor: encodeCursor(8) });
    expect(toPage([9, 8], 2, (item) => item)).toEqual({ items: [9, 8], hasMore: false, nextCursor: null });
    expect(toPage<number>([], 2, (item) => item)).toEqual({ items: [], hasMore: false, nextCursor: null });
  });
});
