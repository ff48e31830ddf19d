import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { withPatience } from './patience.ts';

const silent = () => {};
const away = () => new ParleyError('DATABASE_UNAVAILABLE', 'away', { retryable: true });

test('a server that comes while it is waited for is enough', async () => {
  const said: string[] = [];
  let tries = 0;
  const work = async () => {
    tries += 1;
    if (tries === 1) throw away();
    return 'done';
  };
  expect(await withPatience({ wait: 60 }, work, (line) => said.push(line))).toBe('done');
  expect(said).toEqual(['away']);
});

test('without patience the first failure is the answer', async () => {
  await expect(withPatience({}, () => Promise.reject(away()), silent)).rejects.toMatchObject({ message: 'away' });
});

test('what waiting does not mend is not waited for', async () => {
  const wrong = new ParleyError('CONFIG_INVALID', 'wrong');
  await expect(withPatience({ wait: 60 }, () => Promise.reject(wrong), silent)).rejects.toBe(wrong);
});
