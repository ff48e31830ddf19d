import type { LookupAddress } from 'node:dns';
import { expect, test } from '@jest/globals';
import { isPublic, publicLookup } from './public-address.ts';

test.each(['1.1.1.1', '93.184.216.34', '172.32.0.1', '2606:4700::1111', '::ffff:1.1.1.1'])(
  '%s is public',
  (address) => {
    expect(isPublic(address)).toBe(true);
  },
);

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.1.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  'fd00::1',
  'fe80::1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'no address',
])('%s is not', (address) => {
  expect(isPublic(address)).toBe(false);
});

/** What a request learns about a name with these addresses. */
function lookUp(addresses: readonly string[], all: boolean): Promise<string> {
  const found = addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
  const resolve = ((_name: string, _options: object, done: (err: null, all: LookupAddress[]) => void) =>
    done(null, found)) as never;
  return new Promise((done) => {
    publicLookup(resolve)('example.org', { all }, (err, address) => {
      done(err?.message ?? (typeof address === 'string' ? address : address.map((one) => one.address).join()));
    });
  });
}

test('a name is resolved once, and to public addresses only', async () => {
  expect(await lookUp(['1.1.1.1', '2606:4700::1111'], true)).toBe('1.1.1.1,2606:4700::1111');
  expect(await lookUp(['1.1.1.1'], false)).toBe('1.1.1.1');
  expect(await lookUp(['1.1.1.1', '10.0.0.1'], true)).toBe('example.org is at 10.0.0.1, which is not a public address');
  expect(await lookUp([], false)).toBe('example.org has no address');
});
