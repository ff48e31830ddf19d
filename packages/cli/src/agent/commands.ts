import { command, flag, whole } from '../command-line/command.ts';
import type { FollowFlags } from './follow.ts';
import type { RunFlags } from './run.ts';

const after = flag('--after <n>', 'only what comes after this event', whole(0, 2 ** 31 - 1));
const control = () => import('./control.ts');

/** Commands about agents and their runs, which ask a running gateway. */
export const agentCommands = [
  command({
    path: 'agent list',
    summary: 'the agents that can be asked, with their tools',
    flags: [],
    answers: 'listAgents',
    example: 'agent list',
    run: async (call) => (await import('./list.ts')).listCommand(call),
  }),
  command<RunFlags>({
    path: 'agent run <agent> <text>',
    summary: 'ask an agent, and show what it does until it answers or asks; Ctrl-C leaves it to go on',
    flags: [
      flag('--steps <n>', 'the most times that it thinks, 1 to 100', whole(1, 100)),
      flag('--seconds <n>', 'when it is over at the latest', whole(1, 30 * 24 * 60 * 60)),
      flag('--detach', 'return when it is durable'),
    ],
    json: 'a line for each numbered event, as the `data` of `GET /v1/runs/{id}/events`; with --detach the answer of `POST /v1/agents/{name}/runs`',
    example: 'agent run calculator "10 times 99"',
    run: async (call) => (await import('./run.ts')).runCommand(call),
  }),
  command({
    path: 'run show <id>',
    summary: 'the answer of a run, or what it asks or waits for',
    flags: [],
    answers: 'getRun',
    example: 'run show 0197c8a0-0000-7000-8000-000000000001',
    run: async (call) => (await import('./list.ts')).showCommand(call),
  }),
  command<FollowFlags>({
    path: 'run follow <id>',
    summary: 'show what a run does until it is over or asks something, over restarts of the gateway',
    flags: [after],
    answers: 'followRun',
    example: 'run follow 0197c8a0-0000-7000-8000-000000000001',
    run: async (call) => (await import('./follow.ts')).followCommand(call),
  }),
  command({
    path: 'run answer <id> <words>',
    summary: 'answer the question of a run, such as "yes" or "no, not today" to an approval',
    flags: [],
    answers: 'answerRun',
    example: 'run answer 0197c8a0-0000-7000-8000-000000000001 yes',
    run: async (call) => (await control()).answerCommand(call),
  }),
  command({
    path: 'run tell <id> <words>',
    summary: 'tell a run something, which its next thought knows',
    flags: [],
    answers: 'addRunMessage',
    example: 'run tell 0197c8a0-0000-7000-8000-000000000001 "Be quick."',
    run: async (call) => (await control()).tellCommand(call),
  }),
  command<{ reason?: string }>({
    path: 'run cancel <id>',
    summary: 'end a run; what it did stays',
    flags: [flag('--reason <text>', 'why, for the log')],
    answers: 'cancelRun',
    example: 'run cancel 0197c8a0-0000-7000-8000-000000000001',
    run: async (call) => (await control()).cancelCommand(call),
  }),
];
