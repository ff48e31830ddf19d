import { expect, test } from '@jest/globals';
import { createProcessGate, type ProcessGate } from '../src/index.ts';

const never = new AbortController().signal;
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Asks to run alone and writes down when it may. */
function asking(gate: ProcessGate, entered: number[], crashesAlone: number, signal = never) {
  const leaving = gate.alone(crashesAlone, signal).then((leave) => {
    if (leave !== undefined) entered.push(crashesAlone);
    return leave;
  });
  return { leave: async () => (await leaving)?.() };
}

test('ordinary effects enter together, and none while a suspect waits or runs', async () => {
  const gate = createProcessGate();
  const entered: number[] = [];
  expect([gate.enter(2), gate.enter(3)]).toEqual([2, 3]);
  const suspect = asking(gate, entered, 0);
  expect([gate.isOpen(), gate.enter(1)]).toEqual([false, 0]);
  gate.leave(4);
  await settle();
  expect(entered).toEqual([]);
  gate.leave(1);
  await settle();
  expect(entered).toEqual([0]);
  expect(gate.enter(1)).toBe(0);
  await suspect.leave();
  await settle();
  expect(gate.enter(1)).toBe(1);
});

test('of several that wait the one with the fewest crashes of its own enters first, one after the other', async () => {
  const gate = createProcessGate();
  const entered: number[] = [];
  gate.enter(1);
  const all = [2, 0, 1].map((crashes) => asking(gate, entered, crashes));
  gate.leave(1);
  await settle();
  expect(entered).toEqual([0]);
  await all[1]?.leave();
  await settle();
  expect(entered).toEqual([0, 1]);
  await all[2]?.leave();
  await settle();
  expect(entered).toEqual([0, 1, 2]);
});

test('every executor names its next suspect before one enters, and the gate opens when nobody names one', async () => {
  const gate = createProcessGate();
  const entered: number[] = [];
  const left: number[] = [1, 0];
  const running = new Map<number, { leave(): Promise<void> }>();
  let reopened = 0;
  gate.join({
    async nominate() {
      const crashes = left.shift();
      if (crashes !== undefined) running.set(crashes, asking(gate, entered, crashes));
    },
    reopened: () => {
      reopened += 1;
    },
  });
  running.set(3, asking(gate, entered, 3));
  for (let n = 0; n < 3; n++) {
    await settle();
    expect([entered.length, gate.isOpen(), reopened]).toEqual([n + 1, false, 0]);
    await running.get(entered.at(-1) ?? -1)?.leave();
  }
  await settle();
  expect(entered).toEqual([1, 0, 3]);
  expect([gate.isOpen(), reopened]).toEqual([true, 1]);
});

test('one that gives up lets the others in again, whether something still runs or not', async () => {
  const gate = createProcessGate();
  const entered: number[] = [];
  let reopened = 0;
  gate.join({ nominate: async () => {}, reopened: () => (reopened += 1) });
  gate.enter(1);
  const abort = new AbortController();
  asking(gate, entered, 0, abort.signal);
  abort.abort();
  await settle();
  expect([gate.isOpen(), reopened, entered]).toEqual([true, 1, []]);
  gate.leave(1);
  expect(await gate.alone(0, abort.signal)).toBeUndefined();
});
