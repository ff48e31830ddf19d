import type { RunView } from '@parley/contracts/run';
import type { Parley } from '@parley/sdk';
import { withGateway } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';

/** A command that tells one run something. It is durable when this prints. */
function control<Flags>(
  change: (parley: Parley, id: string, call: Call<Flags>) => Promise<Pick<RunView, 'id'>>,
  said: (id: string, self: string) => string,
) {
  return async (call: Call<Flags>): Promise<number> => {
    const done = await withGateway(call, (parley) => change(parley, call.args[0] ?? '', call));
    call.print(done, () => said(done.id, call.self));
    return exitCodes.ok.code;
  };
}

export const answerCommand = control(
  (parley, id, { args }) => parley.runs.answer(id, { text: args[1] ?? '' }),
  (id, self) => `Run ${id} has the answer. Follow it:  ${self} run follow ${id}`,
);
export const tellCommand = control(
  (parley, id, { args }) => parley.runs.addMessage(id, args[1] ?? ''),
  (id) => `Run ${id} is told.`,
);
export const cancelCommand = control<{ readonly reason?: string }>(
  (parley, id, { flags }) => parley.runs.cancel(id, flags.reason === undefined ? {} : { reason: flags.reason }),
  (id) => `Run ${id} is being cancelled.`,
);
