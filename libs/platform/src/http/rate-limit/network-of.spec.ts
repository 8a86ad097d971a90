import { networkOf } from './network-of';

describe('whom the limit per address counts', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:DB8:0:0:ffff:1:2:3', '2001:db8:0:0'],
    ['2001:0db8:1:2::', '2001:db8:1:2'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['203.0.113.7:51234', '203.0.113.7'],
    ['[2001:db8::1]:51234', '2001:db8:0:0'],
    ['[2001:db8::1]', '2001:db8:0:0'],
  ])('%s is %s', (address, network) => expect(networkOf(address)).toBe(network));
});
