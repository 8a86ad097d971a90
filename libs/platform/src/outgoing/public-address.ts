import { BlockList, isIP } from 'node:net';

/** Networks that are not the public internet: https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry. */
const SPECIAL: readonly [network: string, bits: number, family: 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
];

/** Of IPv6 only the globally routed unicast space is public, without its parts for tunnels, benchmarks and documentation. */
const SPECIAL_IN_GLOBAL_IPV6: readonly [network: string, bits: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const special = new BlockList();
for (const [network, bits, family] of SPECIAL) special.addSubnet(network, bits, family);
for (const [network, bits] of SPECIAL_IN_GLOBAL_IPV6) special.addSubnet(network, bits, 'ipv6');

const globalIpv6 = new BlockList();
globalIpv6.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address (not a name) belongs to the public internet: not to this machine, a private network, or a cloud's metadata. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, 'ipv4');
  // An address with a zone is local; `::ffff:10.0.0.1` and all others outside of 2000::/3 are none that a server on the internet has.
  return (
    isIP(address) === 6 &&
    !address.includes('%') &&
    globalIpv6.check(address, 'ipv6') &&
    !special.check(address, 'ipv6')
  );
}
