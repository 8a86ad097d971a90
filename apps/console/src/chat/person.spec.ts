import { personOf } from './person';

const tokenOf = (claims: object): string =>
  `e30.${btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')}.signature`;

describe('whose conversation a tab has', () => {
  it('a newer token of the same visitor is the same person', () => {
    const first = personOf({ userToken: tokenOf({ sub: 'Zoë?>ÿ', exp: 1 }) });
    expect(personOf({ userToken: tokenOf({ sub: 'Zoë?>ÿ', exp: 2 }) })).toBe(first);
    expect(first).toContain('Zoë?>ÿ');
  });

  it('another visitor, or nobody, is another one', () => {
    const people = [
      personOf({}),
      personOf({ userId: '7' }),
      personOf({ userToken: tokenOf({ sub: '7' }) }),
      personOf({ userToken: tokenOf({ sub: '8' }) }),
      personOf({ userToken: 'no token' }),
    ];
    expect(new Set(people).size).toBe(people.length);
  });
});
