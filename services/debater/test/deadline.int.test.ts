import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { createMemoryBus } from '@parley/bus';
import { type Message, topics } from '@parley/contracts';
import { type ChatRequest, createModelClient, type Model } from '@parley/model';
import { silentLogger } from '@parley/runtime';
import { migrate, openEmbedded } from '@parley/spine';
import { startDebate, until } from '@parley/testkit';
import { createDebater, debaterOf } from '../src/app.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A model that never says a word, and ends when it is told to. */
function silentModel() {
  const asked: ChatRequest[] = [];
  const model: Model = {
    provider: 'ollama',
    list: async () => ['silent'],
    chat(request: ChatRequest) {
      asked.push(request);
      return new Promise((_, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason));
      });
    },
    embed: () => Promise.reject(new Error('is not asked')),
  };
  return { asked, model };
}

async function running() {
  const silent = silentModel();
  const bus = createMemoryBus();
  const db = await openEmbedded();
  closing.push(() => db.close());
  await migrate(db, debaterOf.pro);
  const said: Message[] = [];
  await bus.subscribe({
    topics: [topics.debaterEvents.name],
    group: 'moderator',
    handler: async (batch) => void said.push(...batch.map(({ message }) => message)),
  });
  const debater = await createDebater({
    db,
    bus,
    logger: silentLogger,
    side: 'pro',
    model: createModelClient({ models: { rehearsal: silent.model, ollama: silent.model, openai: undefined } }),
    models: ['ollama/silent'],
    contextTokens: 8_192,
    // Far beyond any deadline here: only the debate's own deadline can end a turn in time.
    turnBudgetMs: 180_000,
    spine: { pollMs: 50 },
  });
  await debater.start();
  closing.push(async () => {
    await debater.stop(0);
    await bus.stop();
  });
  async function giveFloor(deadlineAt: number): Promise<void> {
    const { deadlineSeconds: _, ...command } = startDebate().data;
    const next = { round: 1, side: 'pro', topic: 'Tea is better than coffee', maxRounds: 4, deadlineAt, attempt: 1 };
    const message: Message = {
      id: randomUUID(),
      type: 'debate-started.v1',
      source: 'moderator',
      subject: randomUUID(),
      time: new Date().toISOString(),
      sequence: 1,
      data: { ...command, deadlineAt, next },
    };
    await bus.publish(topics.debateEvents.name, [message]);
  }
  return { asked: silent.asked, said, giveFloor };
}

const failed = { type: 'turn-failed.v1', data: { code: 'DEADLINE_PASSED', round: 1, side: 'pro' } };

test('a debater asks no model after the deadline, and gives a turn up when the deadline passes while its model says nothing', async () => {
  const { asked, said, giveFloor } = await running();
  await giveFloor(Date.now() - 1);
  await until('it gives up', () => said.length > 0);
  expect(said).toMatchObject([failed]);
  expect(asked).toEqual([]);

  const leftMs = 4_000;
  const began = Date.now();
  await giveFloor(began + leftMs);
  await until('it asks the model', () => asked.length > 0, leftMs);
  await until('it gives up', () => said.length > 1);
  expect(said[1]).toMatchObject(failed);
  expect(Date.now() - began).toBeGreaterThanOrEqual(leftMs);
  expect(asked.every(({ signal }) => signal.aborted)).toBe(true);
}, 60_000);
