import { expect, test } from '@jest/globals';
import { isDemanded } from '@parley/testkit';
import { postgres, serverUrl } from './databases.ts';
import { spineContract } from './spine-contract.ts';

if (serverUrl !== undefined) spineContract(postgres(serverUrl));
else if (isDemanded('postgres')) {
  test('PARLEY_TEST_COMPONENTS asks for postgres, so PARLEY_TEST_DATABASE_URL names a server', () => {
    expect(serverUrl).toBeDefined();
  });
} else test.skip('the spine on Postgres: name a server in PARLEY_TEST_DATABASE_URL', () => {});
