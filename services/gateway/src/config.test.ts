import { expect, test } from '@jest/globals';
import { debateEnv } from './config.ts';

const read = (text: string) => debateEnv.shape.PARLEY_TRUSTED_PROXIES.safeParse(text);

test('proxies are addresses, networks and their names', () => {
  const text = '10.0.0.0/8, 192.168.1.7,fd00::/8,::1,loopback,uniquelocal';
  expect(read(text).data).toEqual(['10.0.0.0/8', '192.168.1.7', 'fd00::/8', '::1', 'loopback', 'uniquelocal']);
});

test.each(['everybody', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/', 'proxy.example.org', 'true', ''])(
  '"%s" is no proxy',
  (text) => {
    expect(read(text).success).toBe(false);
  },
);
