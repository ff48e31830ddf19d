import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Addresses that no document of the public lies at. Source: IANA special-purpose registries, RFC 6890. */
const special = new BlockList();
for (const subnet of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
]) {
  const [net = '', bits] = subnet.split('/');
  special.addSubnet(net, Number(bits), net.includes(':') ? 'ipv6' : 'ipv4');
}

/** False for anything but an address of the public Internet. IPv4 inside IPv6 is looked at as IPv4. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !special.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

export class NotPublic extends Error {
  constructor(hostname: string, address: string) {
    super(`${hostname} is at ${address}, which is not a public address`);
    this.name = 'NotPublic';
  }
}

/**
 * `lookup` for a request: the connection goes to the very addresses that were looked at, so that a name that changes
 * its answer in between gains nothing. Source: OWASP, Server-Side Request Forgery Prevention, "DNS pinning".
 */
export function publicLookup(resolve: typeof lookup = lookup): LookupFunction {
  return (hostname: string, options: LookupOptions, done) => {
    resolve(hostname, { ...options, all: true }, (err, addresses: LookupAddress[]) => {
      if (err !== null) return done(err, '', 0);
      const inner = addresses.find(({ address }) => !isPublic(address));
      if (inner !== undefined) return done(new NotPublic(hostname, inner.address), '', 0);
      if (options.all === true) return done(null, addresses);
      const [first] = addresses;
      return done(
        first === undefined ? new Error(`${hostname} has no address`) : null,
        first?.address ?? '',
        first?.family,
      );
    });
  };
}
