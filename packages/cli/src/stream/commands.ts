import { command, flag, whole } from '../command-line/command.ts';
import type { FollowFlags } from './follow.ts';
import type { ListFlags } from './list.ts';
import type { StartFlags } from './start.ts';

const after = flag('--after <n>', 'only what comes after this event', whole(0, 2 ** 31 - 1));

/** Commands about streams of any kind, which ask a running gateway. */
export const streamCommands = [
  command<ListFlags>({
    path: 'stream list',
    summary: 'streams of every kind, newest first',
    flags: [
      flag('--kind <names>', 'only of these kinds, such as debate,replay'),
      flag('--status <words>', 'only in one of these states, such as working,input-required'),
      flag('--limit <n>', 'how many, 1 to 100; 20 if left out', whole(1, 100)),
      flag('--cursor <id>', 'those older than this one'),
    ],
    json: 'the answer of `GET /v1/streams`',
    example: 'stream list --status working',
    run: async (call) => (await import('./list.ts')).listCommand(call),
  }),
  command<StartFlags>({
    path: 'stream start <kind> <field=value...>',
    summary: 'start one of a kind with the fields of its `POST`; it is durable when this returns',
    flags: [flag('--follow', 'show its events until it is over; Ctrl-C leaves it to go on')],
    json: 'the answer of `POST /v1/{kinds}`; with --follow as `stream follow`',
    example: 'stream start debate "topic=Should cities ban private cars?" maxRounds=3 --follow',
    run: async (call) => (await import('./start.ts')).startCommand(call),
  }),
  command({
    path: 'stream show <kind> <id>',
    summary: 'the view of one, a line for each field',
    flags: [],
    json: 'the answer of `GET /v1/{kinds}/{id}`',
    example: 'stream show debate 0197c8a0-0000-7000-8000-000000000001',
    run: async (call) => (await import('./show.ts')).showCommand(call),
  }),
  command<FollowFlags>({
    path: 'stream follow <kind> <id>',
    summary: 'show the events of one until it is over, over restarts of the gateway',
    flags: [after],
    json: 'a line for each numbered event, as the `data` of `GET /v1/{kinds}/{id}/events`',
    example: 'stream follow debate 0197c8a0-0000-7000-8000-000000000001',
    run: async (call) => (await import('./follow.ts')).followCommand(call),
  }),
];
