import { command, flag, whole } from '../command-line/command.ts';
import { sideFlags } from '../debate/commands.ts';
import type { UpFlags } from './up.ts';

/** Commands that start Parley, or say how it is. */
export const runningCommands = [
  command<UpFlags>({
    path: 'up',
    summary: 'start everything in this process, and a debate',
    flags: [
      flag('--topic <text>', 'what is debated'),
      flag('--rounds <n>', 'the most rounds, 1 to 32', whole(1, 32)),
      flag('--once', 'end after the verdict'),
      flag('--no-debate', 'only serve'),
      flag('--data-dir <folder>', 'where the database lies (PARLEY_DATA_DIR)'),
      flag('--model <name>', 'the model of all agents; "rehearsal" needs none (PARLEY_MODEL)'),
      flag('--model-judge <name>', 'the model of the judge'),
      ...sideFlags,
      flag('--port <n>', 'port of the gateway, 0 for a free one (PORT)', whole(0, 65_535)),
    ],
    example: 'up --topic "Tea or coffee?" --once',
    run: async ({ flags, env }) => (await import('./up.ts')).up(flags, env),
  }),
  command({
    path: 'doctor',
    summary: 'what Parley needs and which parts are here; exit code 1 when something is missing',
    flags: [],
    json: '`{isWell, groups: [{title, findings: [{component, status, found, needed, remedy}]}]}`',
    example: 'doctor',
    run: async (call) => (await import('../doctor/command.ts')).doctorCommand(call),
  }),
  command({
    path: 'agents',
    summary: 'who may be asked what and where, and whether the gateway is ready',
    flags: [],
    json: '`{url, isReady, agents: [{id, name, does, url}], parts: [{name, isReady, detail}]}`',
    example: 'agents',
    run: async (call) => (await import('./agents-command.ts')).agentsCommand(call),
  }),
  command({
    path: 'slo',
    summary: 'how every objective stands, and what may still go wrong',
    flags: [],
    answers: 'getSlos',
    example: 'slo',
    run: async (call) => (await import('../operating/slo.ts')).sloCommand(call),
  }),
  command({
    path: 'mcp',
    summary: 'the tools of a running Parley for an MCP client, over stdin and stdout',
    flags: [],
    example: 'mcp',
    run: async (call) => (await import('./mcp-command.ts')).mcpCommand(call),
  }),
];
