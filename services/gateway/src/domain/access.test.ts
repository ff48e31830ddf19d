import { expect, test } from '@jest/globals';
import { type Scope, scopes } from '@parley/contracts/http';
import { allows } from './access.ts';

test.each([
  ['read', ['read']],
  ['write', ['read', 'write']],
  ['admin', ['read', 'write', 'admin']],
] as const)('%s allows %j and no more', (granted, allowed) => {
  expect(scopes.filter((needed) => allows(new Set<Scope>([granted]), needed))).toEqual(allowed);
});

test('no scope allows nothing', () => {
  expect(scopes.filter((needed) => allows(new Set(), needed))).toEqual([]);
});
