import { expect, test } from '@jest/globals';
import type { ServiceStatusV1 } from '@parley/contracts/spine';
import { type Heard, systemOf } from './system.ts';

const backlog = {
  inputs: 3,
  oldestInputSeconds: 2,
  effects: 0,
  oldestEffectSeconds: null,
  outbox: 0,
  oldestOutboxSeconds: null,
  parkedStreams: 1,
};
const heard = (replica: string, atMs: number, change: Partial<ServiceStatusV1> = {}): Heard => ({
  atMs,
  report: {
    service: 'moderator',
    replica,
    version: '1',
    startedAt: '2026-01-01T00:00:00.000Z',
    isLeaving: false,
    models: [],
    leases: 2,
    leasesLost: 0,
    deadLetters: 0,
    heartbeatAgeSeconds: null,
    backlog,
    ...change,
  },
});
const at = (nowMs: number) => ({
  nowMs,
  everyMs: 10_000,
  services: ['gateway', 'moderator'],
  deadLetters: new Map([['moderator', 4]]),
});

test('a service that nobody has heard is shown as that, and one that is heard beyond the list is shown, too', () => {
  const services = systemOf([heard('a', 0), heard('x', 0, { service: 'sampler' })], at(1_000));
  expect(services.map(({ service, status }) => [service, status])).toEqual([
    ['gateway', 'unheard'],
    ['moderator', 'ok'],
    ['sampler', 'ok'],
  ]);
});

test('a process is silent when three reports in a row did not come, a service when all its processes are', () => {
  const both = [heard('b', 30_000), heard('a', 0)];
  const statuses = (nowMs: number) => {
    const [, moderator] = systemOf(both, at(nowMs));
    return [moderator?.status, ...(moderator?.replicas.map((one) => [one.replica, one.status, one.ageSeconds]) ?? [])];
  };
  expect(statuses(35_000)).toEqual(['ok', ['a', 'ok', 35], ['b', 'ok', 5]]);
  expect(statuses(35_001)).toEqual(['ok', ['a', 'silent', 35.001], ['b', 'ok', 5.001]]);
  expect(statuses(70_000)[0]).toBe('silent');
});

test('what waits is of the youngest report that has it, and of none when all are silent', () => {
  const young = heard('b', 5_000, { backlog: { ...backlog, inputs: 9 } });
  const mute = heard('c', 6_000, { backlog: null });
  const moderator = (nowMs: number) => systemOf([young, heard('a', 0), mute], at(nowMs))[1];
  expect(moderator(7_000)).toMatchObject({ backlog: { inputs: 9 }, deadLetters: 4 });
  expect(moderator(100_000)).toMatchObject({ backlog: null, deadLetters: 4 });
});
