import { secretScrubber } from './secret-scrubber';

describe('secretScrubber', () => {
  const scrub = secretScrubber(['correct-horse-battery', 'ab']);

  it.each([
    ['a configured secret', 'login with correct-horse-battery failed', 'correct-horse-battery'],
    ['an OpenAI key', 'Incorrect API key provided: sk-proj-abc123def456', 'abc123def456'],
    ['a bearer token', '"authorization":"Bearer abcdefgh12345678"', 'abcdefgh12345678'],
    ['a JWT', 'token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXBhcnQ', 'c2lnbmF0dXJlLXBhcnQ'],
    ['a token in a URL', 'https://tokentokentoken@hooks.example.com/x', 'tokentokentoken'],
    ['a token in a query', 'https://hooks.example.com/x?a=1&access_token=tok123&b=2', 'tok123'],
    ['basic authentication', 'authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    [
      'the id of a support session',
      '"path":"/api/v1/chat/history/ss_AbCdEfGhIjKlMnOpQrStUvWxYz012345"',
      'AbCdEfGhIjKl',
    ],
    ['a password in a URL', 'postgres://parley:hunter22@127.0.0.1:5432/x', 'hunter22'],
  ])('takes %s out', (_what, line, secret) => {
    expect(scrub(line)).not.toContain(secret);
  });

  it('leaves short values alone, or ordinary words would vanish', () => {
    expect(scrub('about')).toBe('about');
    expect(scrub('basic authentication of a@example.com')).toBe('basic authentication of a@example.com');
  });
});
