import { assertOwnForm, type FormRequest, needsSecureCookie } from './form-origin';

const aForm = (fields: Partial<FormRequest> = {}): FormRequest => ({
  origin: undefined,
  fetchSite: undefined,
  host: 'parley.example.com',
  protocol: 'http',
  ...fields,
});

describe('a form of the admin pages', () => {
  it.each([
    ['the browser calls it same-origin', { fetchSite: 'same-origin' }],
    ['its origin is the host that was asked', { origin: 'https://parley.example.com' }],
    ['its origin is the host and port that was asked', { origin: 'http://10.0.0.5:3000', host: '10.0.0.5:3000' }],
    [
      'the browser calls it same-origin and a proxy hides the host',
      { fetchSite: 'same-origin', origin: 'https://parley.example.com', host: '127.0.0.1:3000' },
    ],
  ])('is taken when %s', (_why, fields) => {
    expect(() => assertOwnForm(aForm(fields))).not.toThrow();
  });

  it.each([
    ['it says nothing about its page', {}],
    ['it comes from another site', { fetchSite: 'cross-site', origin: 'https://parley.example.com' }],
    ['it comes from a neighbour', { fetchSite: 'same-site' }],
    ['it was typed', { fetchSite: 'none' }],
    ['its origin is another host', { origin: 'https://evil.example' }],
    ['its origin is another port', { origin: 'http://parley.example.com:8080' }],
    ['its origin is hidden', { origin: 'null' }],
    ['its origin is nonsense', { origin: 'parley.example.com' }],
  ])('is refused when %s', (_why, fields) => {
    expect(() => assertOwnForm(aForm(fields))).toThrow('not sent from its own page');
  });

  it.each([
    ['TLS', { protocol: 'https' }, false, true],
    ['TLS through a proxy that is not trusted', { origin: 'https://parley.example.com' }, true, true],
    [
      'TLS through such a proxy that hides the host',
      { origin: 'https://a.example', host: '127.0.0.1:3000' },
      true,
      true,
    ],
    ['http on this machine', { host: '127.0.0.1:3000' }, false, false],
    ['http on this machine by name, in production', { host: 'localhost:3000' }, true, false],
    ['http on this machine by IPv6', { host: '[::1]:3000' }, true, false],
    ['http through a tunnel of a private installation', { host: 'parley.example.com' }, false, false],
  ])('gets the right kind of cookie over %s', (_how, fields, isExposed, isSecure) => {
    expect(needsSecureCookie(aForm(fields), isExposed)).toBe(isSecure);
  });

  it('is told to use TLS when it came in the clear to an installation that others can reach', () => {
    const form = aForm({ origin: 'http://parley.example.com' });
    expect(() => needsSecureCookie(form, true)).toThrow('https://');
  });
});
