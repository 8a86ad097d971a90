import { BlockList, isIP, isIPv6 } from 'node:net';

/** Longer chains of proxies than anybody has; the rest of the header is not believed. */
const MAX_PROXIES = 10;

/** The names that Fastify's `trustProxy` knows, too. */
const NAMED: Record<string, readonly string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** An IPv4 address that came over a socket for both. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** Some proxies put the port behind the address, which is another one for every connection. */
const WITH_PORT = [/^(\d+\.\d+\.\d+\.\d+):\d+$/, /^\[([^\]]+)\](?::\d+)?$/];

/** The address alone, of what a socket or a proxy calls it. */
export function plainAddress(text: string): string {
  const address = WITH_PORT.map((form) => form.exec(text)?.[1]).find((found) => found !== undefined) ?? text;
  return MAPPED.exec(address)?.[1] ?? address;
}

/**
 * Says who a request comes from, below the HTTP framework: the peer, or whom a trusted proxy asks for.
 * @param trustedProxies addresses, CIDR ranges, or one of the names above
 */
export function clientAddress(
  trustedProxies: readonly string[],
): (peer: string | undefined, forwardedFor: string | string[] | undefined) => string {
  const trusted = new BlockList();
  for (const proxy of trustedProxies.flatMap((name) => NAMED[name] ?? [name])) add(trusted, proxy);
  return (peer, forwardedFor) => {
    let address = plainAddress(peer ?? '');
    const chain = String(forwardedFor ?? '').split(',', MAX_PROXIES * 10);
    // Each proxy adds whom it was asked by; the last entry is of the nearest.
    for (let hops = 0; hops < MAX_PROXIES && isTrusted(trusted, address); hops += 1) {
      const before = plainAddress(chain.pop()?.trim() ?? '');
      if (isIP(before) === 0) break;
      address = before;
    }
    return address;
  };
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');
const isTrusted = (trusted: BlockList, address: string): boolean =>
  isIP(address) !== 0 && trusted.check(address, familyOf(address));

function add(trusted: BlockList, proxy: string): void {
  const [address = '', prefix] = proxy.split('/');
  if (isIP(address) === 0) return;
  if (prefix === undefined) trusted.addAddress(address, familyOf(address));
  else trusted.addSubnet(address, Number(prefix), familyOf(address));
}
