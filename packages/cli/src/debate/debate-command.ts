import type { DebateStatus } from '@parley/contracts';
import type { Parley } from '@parley/sdk';
import { openClient, withGateway } from '../command-line/client.ts';
import { columns } from '../command-line/columns.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { harmless } from '../command-line/terminal.ts';
import { type DebateFlags, debateBody } from './debate-body.ts';
import { debatePage } from './debate-page.ts';
import { type FollowFlags, watch } from './follow-command.ts';

export interface StartFlags extends DebateFlags, FollowFlags {
  readonly follow?: boolean;
}

/** `parley debate start <topic>`: the debate is durable when this prints. */
export async function startCommand(call: Call<StartFlags>): Promise<number> {
  const { args, flags, terminal, print, self } = call;
  const body = debateBody({ ...flags, topic: args[0] ?? '' });
  const started = await withGateway(call, (parley) => parley.debates.start(body));
  const { notice } = started as { readonly notice?: string };
  if (notice !== undefined) terminal.note(harmless(notice));
  if (flags.follow !== true) {
    print(started, () => started.id);
    if (terminal.isLive) terminal.note(`Watch it:  ${self} debate follow ${started.id}`);
    return exitCodes.ok.code;
  }
  terminal.note(`Debate ${started.id}`);
  return watch(call, openClient(call.env), started.id);
}

export interface ListFlags {
  readonly limit?: number;
  readonly cursor?: string;
}

/** `parley debate list`: newest first. */
export async function listCommand(call: Call<ListFlags>): Promise<number> {
  const { limit = 20, cursor } = call.flags;
  const page = await withGateway(call, (parley) =>
    parley.debates.list({ limit, ...(cursor === undefined ? {} : { cursor }) }),
  );
  call.print(page, () => {
    if (page.debates.length === 0) return `No debates${cursor === undefined ? ' yet' : ' before that one'}.`;
    const rows = page.debates.map(({ id, status, stopReason, createdAt, topic }) => [
      id,
      stopReason === null || stopReason === status ? status : `${status}, ${stopReason}`,
      `${createdAt.slice(0, 16)}Z`,
      topic,
    ]);
    const more = page.next === null ? '' : `\n\nOlder ones:  ${call.self} debate list --cursor ${page.next}`;
    return `${columns([['id', 'status', 'started', 'topic'], ...rows])}${more}`;
  });
  return exitCodes.ok.code;
}

/** `parley debate show <id>`: what was said so far, and how it ended. */
export async function showCommand(call: Call): Promise<number> {
  const view = await withGateway(call, (parley) => parley.debates.get(call.args[0] ?? ''));
  call.print(view, () => debatePage(view, call.terminal));
  return exitCodes.ok.code;
}

type Controlled = { readonly id: string; readonly status: DebateStatus };

/** A command that changes one debate. It is durable when this prints, and happens in the order of the commands. */
function control<Flags>(
  change: (parley: Parley, id: string, call: Call<Flags>) => Promise<Controlled>,
  said: (id: string) => string,
) {
  return async (call: Call<Flags>): Promise<number> => {
    const done = await withGateway(call, (parley) => change(parley, call.args[0] ?? '', call));
    call.print(done, () => said(done.id));
    return exitCodes.ok.code;
  };
}

export const cancelCommand = control<{ readonly reason?: string }>(
  (parley, id, { flags }) => parley.debates.cancel(id, flags.reason === undefined ? {} : { reason: flags.reason }),
  (id) => `Debate ${id} is being cancelled.`,
);
export const pauseCommand = control(
  (parley, id) => parley.debates.pause(id),
  (id) => `Debate ${id} is being paused.`,
);
export const resumeCommand = control(
  (parley, id) => parley.debates.resume(id),
  (id) => `Debate ${id} goes on.`,
);
export const addNoteCommand = control(
  (parley, id, { args }) => parley.debates.addNote(id, args[1] ?? ''),
  (id) => `The note is added to debate ${id}: both sides get it with their next turns.`,
);
