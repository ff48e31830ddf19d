import { expect, test } from '@jest/globals';
import { createHookGuard, type HookName } from './hooks.ts';

function open() {
  const failures: [HookName, string][] = [];
  const guard = createHookGuard((hook, thrown) => failures.push([hook, String(thrown)]));
  return { guard, failures };
}
const fails = (..._: unknown[]): never => {
  throw new Error('broken');
};

test('hooks that throw are told of and throw no more', () => {
  const { guard, failures } = open();
  const hooks = guard.quiet({ onEvent: fails, onText: fails, onRestart: fails });
  hooks.onEvent({ type: 'fell-back', from: 'a', to: 'b', code: 'MODEL_REFUSED' });
  hooks.onText('x');
  hooks.onRestart();
  expect(failures.map(([hook]) => hook)).toEqual(['onEvent', 'onText', 'onRestart']);
});

test('a hook that rejects is told of, too', async () => {
  const { guard, failures } = open();
  guard.quiet({ onText: (async () => fails()) as unknown as (text: string) => void }).onText('x');
  await new Promise((resolve) => setImmediate(resolve));
  expect(failures).toEqual([['onText', 'Error: broken']]);
});

test('a wrapper that fails before, instead of or after its work gives the result of the work, done once', async () => {
  for (const wrapper of [
    fails,
    async () => fails(),
    async (_: unknown, run: () => Promise<number>) => {
      await run();
      return fails();
    },
    async (_: unknown, run: () => Promise<number>) => {
      await Promise.all([run(), run()]);
      return 9;
    },
  ]) {
    const { guard } = open();
    let runs = 0;
    const around = guard.around<string, number>(wrapper);
    expect(await around('start', async () => ++runs)).toBe(1);
    expect(runs).toBe(1);
  }
});

test('a failure of the work is passed on and is no failure of the wrapper', async () => {
  const { guard, failures } = open();
  const around = guard.around<string, number>((_, run) => run());
  await expect(around('start', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(failures).toEqual([]);
});

test('a listener of failures that fails itself is dropped', () => {
  const guard = createHookGuard(fails);
  expect(() => guard.quiet({ onText: fails }).onText('x')).not.toThrow();
});
