import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { armFailpoint, failpoints } from '../src/failpoint.ts';

test.each([undefined, ''])('%p arms nothing', (setting) => {
  const reach = armFailpoint(setting);
  for (const point of failpoints) expect(() => reach(point)).not.toThrow();
});

test.each([...failpoints])('%s is a point, with and without a count', (point) => {
  armFailpoint(point);
  armFailpoint(`${point}:12`);
});

test('a point that is none is named beside those that are', () => {
  expect(() => armFailpoint('after-lunch')).toThrow(/"after-lunch".*after-commit/);
});

test.each(['0', '-1', '1.5', 'x', ''])('"%s" is no count', (count) => {
  expect(() => armFailpoint(`after-commit:${count}`)).toThrow(/after the colon/);
});

test('the process dies of SIGKILL at the second time, not at the first', () => {
  const module = fileURLToPath(new URL('../src/failpoint.ts', import.meta.url));
  const script = `const { armFailpoint } = await import(${JSON.stringify(module)});
    const reach = armFailpoint('after-commit:2');
    reach('after-commit'); reach('after-claim'); console.log('once'); reach('after-commit'); console.log('twice');`;
  const died = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(died.signal).toBe('SIGKILL');
  expect(died.stdout).toBe('once\n');
});
