import type { DebateStatus } from '@parley/contracts/debate';
import type { Parley } from '@parley/sdk';
import { withGateway } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';

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
