import { afterEach, expect, test } from '@jest/globals';
import { topics } from '@parley/contracts';
import type { ServiceStatusV1 } from '@parley/contracts/spine';
import { until } from '@parley/testkit';
import { startToy, type ToyWishes } from './toy.ts';

type Toy = Awaited<ReturnType<typeof startToy>>;
const running: Toy[] = [];
afterEach(async () => {
  for (const toy of running.splice(0)) await toy.stop();
});

async function toyWith(wishes: ToyWishes = {}) {
  const reports: ServiceStatusV1[] = [];
  const toy = await startToy({
    ...wishes,
    replica: { name: 'here/1', version: '3' },
    onBus: (bus) => bus.onBroadcast(topics.status.name, ({ data }) => void reports.push(data as ServiceStatusV1)),
  });
  running.push(toy);
  return { ...toy, reports };
}

test('A process tells how it does when it begins, and soon after.', async () => {
  const { reports, say } = await toyWith({ maxRunningEffects: 0 });
  await until('it has told', () => reports.length === 1);
  expect(reports[0]).toMatchObject({ service: 'toy', replica: 'here/1', version: '3', isLeaving: false, leases: 0 });
  expect(reports[0]?.backlog).toMatchObject({ effects: 0, parkedStreams: 0 });
  await say('work');
  await say('throw');
  await until('it has told again', () => reports.length === 2);
  expect(reports[1]?.backlog).toMatchObject({ effects: 1, parkedStreams: 1, oldestEffectSeconds: expect.any(Number) });
});

test('A command gives the stream that it names another try; one for another service does nothing.', async () => {
  let isFixed = false;
  const { say, order, db } = await toyWith({ mayThrow: () => !isFixed });
  await say('throw', { subject: 's' });
  const status = async () => (await db.query<{ status: string }>('select status from toy.stream'))[0]?.status;
  expect(await status()).toBe('parked');
  isFixed = true;
  const unpark = (service: string, stream: string) =>
    order({ type: 'unpark-stream.v1', subject: stream, data: { service, kind: 'toy', stream } });
  await unpark('debater-a', 's');
  expect(await status()).toBe('parked');
  await unpark('toy', 'nobody');
  await unpark('toy', 's');
  expect(await status()).toBe('active');
  await unpark('toy', 's');
  const log = await db.query<{ type: string }>('select type from toy.event');
  expect(log.map(({ type }) => type)).toEqual(['said']);
});
