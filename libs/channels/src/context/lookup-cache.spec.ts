import { LookupCache } from './lookup-cache';

describe('results of lookups', () => {
  it('are kept for as long as they are meant to be, and not at all for 0 seconds', () => {
    const cache = new LookupCache();
    cache.keep('a', 'text', 60);
    cache.keep('b', 'text', 0);
    cache.keep('c', 'text', 1e-9);
    const end = performance.now() + 1;
    while (performance.now() < end);
    expect([cache.find('a'), cache.find('b'), cache.find('c')]).toEqual(['text', undefined, undefined]);
  });

  it('are a thousand at most: the oldest goes first', () => {
    const cache = new LookupCache();
    for (let index = 0; index <= 1000; index += 1) cache.keep(`key ${index}`, 'text', 60);
    expect([cache.find('key 0'), cache.find('key 1'), cache.find('key 1000')]).toEqual([undefined, 'text', 'text']);
  });
});
