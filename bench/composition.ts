// Parley as the benchmark runs it: the services that `npm start` composes, on one database, without the terminal.
import { createMemoryBus } from '@parley/bus';
import { modules } from '@parley/cli/services.ts';
import { type Message, topics } from '@parley/contracts';
import { startDebateOf } from '@parley/contracts/debate';
import { createDebater } from '@parley/debater';
import { createGateway } from '@parley/gateway';
import { createModelClient, discoverModel } from '@parley/model';
import { createModerator } from '@parley/moderator';
import { newId, silentLogger } from '@parley/runtime';
import {
  createHousekeeping,
  createProcessGate,
  type Database,
  migrate,
  openEmbedded,
  openPostgres,
} from '@parley/spine';

const owned = modules.map(({ schema }) => schema);
export const schemas = owned.map(({ schema }) => schema);
const zeroLatencyModel = 'rehearsal:short';
/** PGlite needs somebody to clean up, as in production, only sooner: a benchmark packs an hour into seconds. */
const housekeepingMs = 5_000;

/** `DATABASE_URL`, or an embedded database in `DATA_DIR`. */
export async function openDatabase(env: { DATABASE_URL?: string; DATA_DIR?: string }): Promise<Database> {
  if (env.DATABASE_URL === undefined) return openEmbedded(env.DATA_DIR === undefined ? {} : { dataDir: env.DATA_DIR });
  const db = openPostgres({ url: env.DATABASE_URL, poolSize: 10 });
  for (const schema of schemas) await db.query(`drop schema if exists ${schema} cascade`);
  return db;
}

export async function createParley(db: Database) {
  const { models } = await discoverModel({ env: {}, model: zeroLatencyModel });
  const model = createModelClient({ models });
  const bus = createMemoryBus({});
  const spine = { maxRunningEffects: 256, pollMs: 5_000, gate: createProcessGate() };
  const logger = silentLogger;
  const shared = { db, bus, model, models: [zeroLatencyModel], logger, contextTokens: 8_192, spine };
  for (const schema of owned) await migrate(db, schema);
  const gateway = await createGateway({ db, bus, logger, pollMs: 5_000 });
  const moderator = await createModerator(shared);
  const pro = await createDebater({ ...shared, side: 'pro' });
  const con = await createDebater({ ...shared, side: 'con' });
  const keeper = createHousekeeping({ db, schemas, everyMs: housekeepingMs, dedupeHours: 192 });

  const ends = new Map<string, () => void>();
  await bus.subscribe({
    topics: [topics.debateEvents.name],
    group: 'bench',
    async handler(batch) {
      for (const { message } of batch) {
        if (message.type !== 'debate-closed.v1') continue;
        ends.get(message.subject)?.();
        ends.delete(message.subject);
      }
    },
  });
  for (const service of [moderator, pro, con, gateway]) await service.start();
  if (db.needsVacuum) keeper.start();

  const commands: Message[] = [];
  let isSending = false;
  async function send(): Promise<void> {
    if (isSending) return;
    isSending = true;
    while (commands.length > 0) await bus.publish(topics.debateCommands.name, commands.splice(0));
    isSending = false;
  }

  return {
    /** Resolves to the debate's id when it is closed. */
    debate(maxRounds: number): Promise<string> {
      const id = newId();
      const data = startDebateOf({ topic: 'Which of two designs is better?', maxRounds, stopWhenRedundant: false });
      const end = new Promise<string>((resolve) => ends.set(id, () => resolve(id)));
      const time = new Date().toISOString();
      commands.push({ id: `start/${id}`, type: 'start-debate.v1', source: 'gateway', subject: id, time, data });
      void send();
      return end;
    },
    async stop(): Promise<void> {
      keeper.stop();
      await bus.stop();
      await Promise.all([gateway, moderator, pro, con].map((service) => service.stop(1_000)));
      await db.close();
    },
  };
}
