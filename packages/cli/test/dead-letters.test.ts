import { expect, test } from '@jest/globals';
import { createMemoryBus } from '@parley/bus';
import { deadLetterTopic, type Message, topics } from '@parley/contracts';
import { createDeadLetters, silentLogger } from '@parley/runtime';
import { readLetters, replayLetters } from '../src/operating/dead-letters.ts';

const topic = topics.debateCommands.name;
const message: Message = {
  id: 'start/1',
  type: 'start-debate.v9',
  source: 'gateway',
  subject: '1',
  time: '2026-01-02T03:04:05.678Z',
  data: { topic: 'Tea' },
};

/** The dead letters as services write them, over a bus that remembers. */
async function buried() {
  const bus = createMemoryBus({});
  const kept: Message[] = [];
  const published: [string, Message][] = [];
  const recorder = {
    ...bus,
    async publish(to: string, messages: readonly Message[]) {
      if (to === deadLetterTopic(topic)) kept.push(...messages);
      else published.push(...messages.map((one) => [to, one] as [string, Message]));
    },
  };
  const dead = (group: string) => createDeadLetters({ bus: recorder, group, logger: silentLogger });
  const place = (offset: string) => ({ topic, partition: 0, offset });
  await dead('moderator').message({ ...place('7'), message }, 'unknown type');
  await dead('moderator').message({ ...place('7'), message }, 'unknown type');
  await dead('gateway').message({ ...place('7'), message }, 'unknown type');
  await dead('moderator').record(place('8'), { key: 'k', headers: {}, value: '{' }, 'value is not JSON');
  await dead('moderator').message({ ...place('9'), message: { ...message, data: 'x'.repeat(100_000) } }, 'too long');
  const read = async (name: string) =>
    name === deadLetterTopic(topic) ? kept.map((one, i) => ({ message: one, partition: 0, offset: String(i) })) : [];
  return { read, recorder, published };
}

test('letters are listed once, with their reasons and whether they can be sent again', async () => {
  const { read } = await buried();
  const letters = await readLetters(read);
  expect(letters.map(({ group, offset, reason, stuck }) => [group, offset, reason.slice(0, 17), stuck])).toEqual([
    ['moderator', '7', 'unknown type', undefined],
    ['gateway', '7', 'unknown type', undefined],
    ['moderator', '8', 'value is not JSON', expect.stringContaining('ce_specversion')],
    ['moderator', '9', expect.stringContaining('too long'), 'what is kept of it was cut'],
  ]);
  expect(await readLetters(read, { topic: 'parley.debate.events' })).toEqual([]);
  expect(await readLetters(read, { id: letters[2]?.id })).toHaveLength(1);
});

test('replaying sends each message once, as it was, to its topic, after that is written down', async () => {
  const { read, recorder, published } = await buried();
  const recorded: unknown[] = [];
  const record = async ({ id }: { id: string }, tenant: string) =>
    void recorded.push({ id, tenant, sentBefore: published.length });
  expect(await replayLetters(await readLetters(read), recorder, record)).toBe(1);
  expect(published).toEqual([[topic, message]]);
  expect(recorded).toEqual([{ id: `dead/moderator/${topic}/0/7`, tenant: 'default', sentBefore: 0 }]);
});

test('what cannot be written down is not sent', async () => {
  const { read, recorder, published } = await buried();
  const record = () => Promise.reject(new Error('away'));
  await expect(replayLetters(await readLetters(read), recorder, record)).rejects.toThrow('away');
  expect(published).toEqual([]);
});
