import { originMatches, originPattern } from './origin-pattern';

describe('originPattern', () => {
  it.each([
    ['https://shop.example.com', 'https://shop.example.com'],
    ['https://Shop.Example.COM/', 'https://shop.example.com'],
    ['https://shop.example.com:443', 'https://shop.example.com'],
    ['http://localhost:5173', 'http://localhost:5173'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['https://*.Example.com', 'https://*.example.com'],
    ['https://*.example.com:8443', 'https://*.example.com:8443'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('%s is compared as %s', (text, pattern) => {
    expect(originPattern(text)).toBe(pattern);
  });

  it.each([
    ['*'],
    ['null'],
    ['https://*'],
    ['https://*.com'],
    ['https://a.*.com'],
    ['https://*.*.com'],
    ['https://*.1.2.3.4'],
    ['shop.example.com'],
    ['//shop.example.com'],
    ['https://shop.example.com/path'],
    ['https://shop.example.com?x'],
    ['https://user@shop.example.com'],
    ['file:///tmp/a.html'],
    ['ftp://example.com'],
    ['https://'],
    ['https://exa mple.com'],
    ['https://example.com:99999'],
    [''],
  ])('%s is no origin', (text) => {
    expect(originPattern(text)).toBeUndefined();
  });
});

describe('originMatches', () => {
  it.each([
    ['https://shop.example.com', 'https://shop.example.com', true],
    ['https://shop.example.com', 'http://shop.example.com', false],
    ['https://shop.example.com', 'https://shop.example.com:8443', false],
    ['https://shop.example.com', 'https://shop.example.com.evil.example', false],
    ['https://*.example.com', 'https://a.example.com', true],
    ['https://*.example.com', 'https://a.b.example.com', true],
    ['https://*.example.com', 'https://example.com', false],
    ['https://*.example.com', 'https://.example.com', false],
    ['https://*.example.com', 'https://evilexample.com', false],
    ['https://*.example.com', 'https://a.example.com:8443', false],
    ['https://*.example.com:8443', 'https://a.example.com:8443', true],
    ['https://*.example.com', 'http://a.example.com', false],
    ['https://*.example.com', 'null', false],
  ])('of %s, %s: %s', (pattern, origin, expected) => {
    expect(originMatches(pattern, origin)).toBe(expected);
  });
});
