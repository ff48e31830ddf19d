import { InvalidArgumentError } from 'commander';
import { command, flag, number, whole } from '../command-line/command.ts';
import type { UsageFlags } from '../operating/usage.ts';
import type { FollowFlags } from './follow.ts';
import type { ListFlags } from './list.ts';
import type { ReplayFlags } from './replay.ts';
import type { StartFlags } from './start.ts';

const rounds = whole(1, 32);

function panelSize(text: string): number {
  if (text === '1' || text === '3') return Number(text);
  throw new InvalidArgumentError('A panel has 1 or 3 judges.');
}

/** Flags that say who speaks, and what may be cited. */
export const sideFlags = [
  flag('--model-pro <name>', 'the model of the side for the topic'),
  flag('--model-con <name>', 'the model of the side against it'),
  flag('--persona-pro <text>', 'who speaks for the topic, in a sentence'),
  flag('--persona-con <text>', 'who speaks against it'),
  flag('--evidence-pro <file...>', 'texts that the side for the topic may cite, up to 5 files or addresses'),
  flag('--evidence-con <file...>', 'texts that the side against it may cite'),
];
const judgeFlags = [
  flag('--judge <model>', 'the model of the judges'),
  flag('--panel <n>', 'how many judges, 1 or 3', panelSize),
];
const follow = flag('--follow', 'show it until it is over; Ctrl-C leaves it to go on');
const after = flag('--after <n>', 'only what comes after this event', whole(0, 2 ** 31 - 1));
const control = () => import('./control.ts');

/** Commands about debates, which ask a running gateway. */
export const debateCommands = [
  command<StartFlags>({
    path: 'debate start <topic>',
    summary: 'start a debate; it is durable when this returns',
    flags: [
      flag('--rounds <n>', 'the most rounds, 1 to 32', rounds),
      flag('--min-rounds <n>', 'no stop for redundancy before', rounds),
      flag('--deadline <seconds>', 'when it ends at the latest', whole(1, 7 * 24 * 60 * 60)),
      flag('--token-budget <n>', 'the most tokens', whole(1, Number.MAX_SAFE_INTEGER)),
      flag('--no-redundancy', 'let it go in circles'),
      ...sideFlags,
      ...judgeFlags,
      follow,
    ],
    answers: 'startDebate',
    json: 'with --follow as `debate follow`',
    example: 'debate start "Should cities ban private cars?" --rounds 4 --follow',
    run: async (call) => (await import('./start.ts')).startCommand(call),
  }),
  command<ListFlags>({
    path: 'debate list',
    summary: 'the debates, newest first',
    flags: [
      flag('--limit <n>', 'how many, 1 to 100; 20 if left out', whole(1, 100)),
      flag('--cursor <id>', 'those older than this debate'),
    ],
    answers: 'listDebates',
    example: 'debate list --limit 5',
    run: async (call) => (await import('./list.ts')).listCommand(call),
  }),
  command({
    path: 'debate show <id>',
    summary: 'what was said so far, how new it was, and how it ended',
    flags: [],
    answers: 'getDebate',
    example: 'debate show 0197c8a0-0000-7000-8000-000000000001',
    run: async (call) => (await import('./show.ts')).showCommand(call),
  }),
  command<FollowFlags>({
    path: 'debate follow <id>',
    summary: 'show a debate until it is over, over restarts of the gateway; Ctrl-C leaves it to go on',
    flags: [after],
    answers: 'followDebate',
    json: 'of each numbered event its `data`, in a line of its own',
    example: 'debate follow 0197c8a0-0000-7000-8000-000000000001',
    run: async (call) => (await import('./follow.ts')).followCommand(call),
  }),
  command<{ reason?: string }>({
    path: 'debate cancel <id>',
    summary: 'end a debate; what was said stays',
    flags: [flag('--reason <text>', 'why, for the log')],
    answers: 'cancelDebate',
    example: 'debate cancel 0197c8a0-0000-7000-8000-000000000001 --reason "wrong topic"',
    run: async (call) => (await control()).cancelCommand(call),
  }),
  command({
    path: 'debate pause <id>',
    summary: 'take the floor away, also in the middle of a turn; the deadline keeps running',
    flags: [],
    answers: 'pauseDebate',
    example: 'debate pause 0197c8a0-0000-7000-8000-000000000001',
    run: async (call) => (await control()).pauseCommand(call),
  }),
  command({
    path: 'debate resume <id>',
    summary: 'give the floor again',
    flags: [],
    answers: 'resumeDebate',
    example: 'debate resume 0197c8a0-0000-7000-8000-000000000001',
    run: async (call) => (await control()).resumeCommand(call),
  }),
  command({
    path: 'debate add-note <id> <text>',
    formerWord: 'note',
    summary: 'add a note to both sides, which goes with the next turns',
    flags: [],
    answers: 'addNote',
    example: 'debate add-note 0197c8a0-0000-7000-8000-000000000001 "What does it cost?"',
    run: async (call) => (await control()).addNoteCommand(call),
  }),
  command<ReplayFlags>({
    path: 'replay <debate>',
    summary: 'judge a debate that is over again, by other rules; it stays as it was',
    flags: [
      ...judgeFlags,
      flag('--containment <share>', 'stale from this share of 3-grams said before', number(0, 1)),
      flag('--jaccard <share>', 'stale from this share of common words', number(0, 1)),
      flag('--cosine <cosine>', 'stale from this cosine, where the log has embeddings', number(-1, 1)),
      flag('--max-rounds <n>', 'the most rounds', rounds),
      flag('--min-rounds <n>', 'no stop for redundancy before', rounds),
      flag('--stale-rounds <n>', 'stale rounds in a row that end it', rounds),
      flag('--redundancy', 'stop when nothing new is said, also where the debate did not'),
      flag('--no-redundancy', 'let it go in circles, also where the debate did not'),
    ],
    answers: 'getReplay',
    example: 'replay 0197c8a0-0000-7000-8000-000000000001 --max-rounds 4',
    run: async (call) => (await import('./replay.ts')).replayCommand(call),
  }),
  command<UsageFlags>({
    path: 'usage',
    summary: 'tokens and money by day, agent or model',
    flags: [
      flag('--from <day>', 'first day, such as 2026-01-31 (UTC)'),
      flag('--to <day>', 'last day; today if left out'),
      flag('--by <what>', 'a line for each of these; day if left out').choices([
        'day',
        'agent',
        'model',
      ] satisfies NonNullable<UsageFlags['by']>[]),
    ],
    answers: 'getUsage',
    example: 'usage --by model',
    run: async (call) => (await import('../operating/usage.ts')).usageCommand(call),
  }),
];
