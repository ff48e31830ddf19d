// One agent with tools of every class, as a process that may die at any instant: DATA_DIR, SAYS, COMMAND, PARLEY_FAILPOINT.
// The tools write to the file SAYS; every fact of the run goes to standard output, a line each.
import { appendFileSync } from 'node:fs';
import { type AgentDefinition, type AnyTool, tool } from '@parley/agent';
import { createMemoryBus } from '@parley/bus';
import { topics } from '@parley/contracts';
import { type EffectClass, effectClasses } from '@parley/contracts/run';
import { createModelClient, createRehearsalModel } from '@parley/model';
import { silentLogger } from '@parley/runtime';
import { armFailpoint, migrate, openEmbedded } from '@parley/spine';
import { z } from 'zod';
import { createAgent } from '../src/app.ts';
import { agentSchema } from '../src/schema.ts';

const { DATA_DIR = '', SAYS = '', COMMAND = '', PARLEY_FAILPOINT } = process.env;

/** Names without a word in common: the rehearsal model calls what the request names. */
const names: Readonly<Record<EffectClass, string>> = { read: 'lookup', idempotent: 'upsert', once: 'payment' };
const writes = (effect: EffectClass): AnyTool =>
  tool({
    name: names[effect],
    description: 'Writes a line.',
    input: z.strictObject({ text: z.string() }),
    effect,
    needsApproval: false,
    run(_, { key }) {
      appendFileSync(SAYS, `${effect} ${key}\n`);
      return 'written';
    },
  });
const writer: AgentDefinition = {
  ...{ name: 'writer', version: 1, title: 'Writer', description: 'Writes.', examples: [] },
  ...{ role: 'You write.', goal: 'A line is written.', constraints: [] },
  tools: effectClasses.map(writes),
};

const db = await openEmbedded({ dataDir: DATA_DIR });
await migrate(db, agentSchema);
const bus = createMemoryBus();
await bus.subscribe({
  topics: [topics.runEvents.name],
  group: 'the gateway',
  handler: async (batch) => {
    for (const { message } of batch) console.log(JSON.stringify({ type: message.type, data: message.data }));
  },
});
const rehearsal = createRehearsalModel({ latencyMs: 0 });
const agent = await createAgent({
  ...{ db, bus, logger: silentLogger, models: ['rehearsal'], contextTokens: 8_192, agents: [writer] },
  model: createModelClient({ models: { ollama: undefined, openai: undefined, rehearsal } }),
  failpoint: armFailpoint(PARLEY_FAILPOINT),
  spine: { leaseMs: 300, pollMs: 50 },
});
await agent.start();
if (COMMAND !== '') await bus.publish(topics.runCommands.name, [JSON.parse(COMMAND)]);
