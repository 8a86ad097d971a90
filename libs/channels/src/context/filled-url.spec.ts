import { filledUrl } from './filled-url';

const asking = { text: 'What is "x" & y/z?', user: 'dana', channel: 'abc' };

describe('the address of a context provider', () => {
  it('has what it asks about, encoded', () => {
    const url = filledUrl('https://example.com/a/{channel}?q={text}&by={user}', asking)!;
    expect(url.href).toBe('https://example.com/a/abc?q=What%20is%20%22x%22%20%26%20y%2Fz%3F&by=dana');
    expect(url.searchParams.get('q')).toBe(asking.text);
  });

  it.each(['..', '.', '...'])('is not led out of its folder by %s', (text) => {
    expect(filledUrl('https://example.com/a/{text}/b', { ...asking, text })!.pathname).toBe('/a//b');
  });

  it.each(['../../x', '/x', '?x=1', '#x', '@evil.example', '\\evil', '%2e%2e/'])('%s stays one part of it', (text) => {
    const url = filledUrl('https://example.com/a/{text}', { ...asking, text })!;
    expect(url.origin).toBe('https://example.com');
    expect(url.pathname.split('/')).toHaveLength(3);
    expect([url.search, url.hash]).toEqual(['', '']);
  });

  it.each(['https://{text}.example.com/', 'https://example.com:{text}/', 'https://{text}@example.com/'])(
    '%s would let people choose the server, and is not asked',
    (template) => {
      expect(filledUrl(template, { ...asking, text: '8080' })).toBeNull();
    },
  );

  it('is cut where it would be too long, between characters', () => {
    const url = filledUrl('https://example.com/?q={text}', { ...asking, text: '😀'.repeat(5000) })!;
    expect([...url.searchParams.get('q')!]).toHaveLength(500);
  });
});
