import { clientAddress } from './client-address';

describe('clientAddress', () => {
  it('without trusted proxies it is the peer, whatever a header says', () => {
    const of = clientAddress([]);
    expect(of('::ffff:192.0.2.1', '198.51.100.7')).toBe('192.0.2.1');
    expect(of(undefined, '198.51.100.7')).toBe('');
  });

  it('behind trusted proxies it is the last one that no trusted proxy added', () => {
    const of = clientAddress(['10.0.0.0/8', '2001:db8::1']);
    expect(of('10.0.0.1', '203.0.113.9, 198.51.100.7, 10.0.0.2')).toBe('198.51.100.7');
    expect(of('2001:db8::1', '198.51.100.7')).toBe('198.51.100.7');
    expect(of('10.0.0.1', '203.0.113.9:1, 198.51.100.7:51234')).toBe('198.51.100.7');
    expect(of('10.0.0.1', '[2001:db8::2]:51234')).toBe('2001:db8::2');
    expect(of('10.0.0.1', undefined)).toBe('10.0.0.1');
    expect(of('10.0.0.1', 'nonsense')).toBe('10.0.0.1');
    expect(of('192.0.2.1', '198.51.100.7')).toBe('192.0.2.1');
    expect(clientAddress(['loopback'])('127.0.0.1', '198.51.100.7')).toBe('198.51.100.7');
  });
});
