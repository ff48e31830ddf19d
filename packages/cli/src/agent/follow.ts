import type { Parley } from '@parley/sdk';
import { openClient, withGateway } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { type Format, renderedLine } from '../command-line/output.ts';
import { showEvents } from '../command-line/show-events.ts';
import { createRunTranscript } from './transcript.ts';

export interface FollowFlags {
  /** The number of the last event that was seen. */
  readonly after?: number;
  readonly output?: Format;
}

/** `parley run follow <id>`. */
export async function followCommand(call: Call<FollowFlags>): Promise<number> {
  const [id = ''] = call.args;
  // A run that is not there, and a gateway that is not, are said now; later a gateway that is away comes back.
  await withGateway(call, (parley) => parley.runs.get(id));
  return followInTerminal(call, openClient(call.env), id);
}

/** Shows what a run does until it is over, until it asks something, or until Ctrl-C. Resolves to the exit code. */
export function followInTerminal(
  { flags, terminal, self }: Call<FollowFlags>,
  parley: Parley,
  id: string,
): Promise<number> {
  const { after, output: format = 'table' } = flags;
  const transcript = createRunTranscript(terminal);
  let last = after ?? 0;
  return showEvents(terminal, {
    waiting: `Following ${id} …`,
    events: (how) => parley.runs.follow(id, { after, ...how }),
    show(event) {
      last = event.seq;
      if (format === 'table') transcript.show(event);
      else terminal.write(`${renderedLine(format, event)}\n`);
      if (event.type === 'question-asked.v1' && format === 'table') {
        terminal.note(`Answer it:  ${self} run answer ${id} "…"   then  ${self} run follow ${id} --after ${last}`);
        return exitCodes.ok.code;
      }
      return event.type === 'run-failed.v1' ? exitCodes.failed.code : undefined;
    },
    left: () => `It goes on without you. Follow it again: ${self} run follow ${id} --after ${last}`,
  });
}
