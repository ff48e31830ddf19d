import { agentCommands } from './agent/commands.ts';
import type { Area, Command } from './command-line/command.ts';
import { completionCommand } from './completion/command.ts';
import { debateCommands } from './debate/commands.ts';
import { operatingCommands } from './operating/commands.ts';
import { runningCommands } from './running/commands.ts';
import { streamCommands } from './stream/commands.ts';

/** What the first words of commands with two words are about. */
export const groups = {
  debate: 'start, watch and steer debates (PARLEY_URL)',
  agent: 'ask agents (PARLEY_URL)',
  run: 'runs of agents: follow, answer and steer them (PARLEY_URL)',
  stream: 'streams of any kind (PARLEY_URL)',
  dlq: 'dead letters: what no service could read (KAFKA_BROKERS)',
  keys: 'API keys, in the database of the gateway (DATABASE_URL)',
  audit: 'the audit log, in the database of the gateway (DATABASE_URL)',
} as const;

/** Every command: the parser, docs/cli.md and the completion are made of this. */
export const areas: readonly Area[] = [
  { title: 'Start it, and see how it is', commands: runningCommands },
  { title: 'Debates', commands: debateCommands },
  { title: 'Agents', commands: agentCommands },
  { title: 'Streams of every kind', commands: streamCommands },
  { title: 'For those who operate it', commands: operatingCommands },
  { title: 'For the shell', commands: [completionCommand(() => commands, groups)] },
];
export const commands: readonly Command[] = areas.flatMap(({ commands: some }) => some);
