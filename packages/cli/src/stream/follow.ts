import type { StreamKind } from '@parley/contracts';
import type { NumberedFact, Parley } from '@parley/sdk';
import { openClient, withGateway } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { type Format, renderedLine } from '../command-line/output.ts';
import { showEvents } from '../command-line/show-events.ts';
import { harmless } from '../command-line/terminal.ts';
import { kindOf } from './kinds.ts';

export interface FollowFlags {
  /** The number of the last event that was seen. */
  readonly after?: number;
  readonly output?: Format;
}

/** `parley stream follow <kind> <id>`: until it is over, over restarts of the gateway. */
export async function followCommand(call: Call<FollowFlags>): Promise<number> {
  const [name = '', id = ''] = call.args;
  const kind = kindOf(name);
  // What is not there, and a gateway that is not, are said now; later a gateway that is away comes back.
  await withGateway(call, (parley) => parley.streams.list({ limit: 1 }));
  return followInTerminal(call, openClient(call.env), kind, id);
}

/** Shows the numbered events of a stream until its last or Ctrl-C. Resolves to the exit code. */
export function followInTerminal(
  { flags, terminal, self }: Call<FollowFlags>,
  parley: Parley,
  kind: StreamKind,
  id: string,
): Promise<number> {
  const { after, output: format = 'table' } = flags;
  let last = after ?? 0;
  return showEvents(terminal, {
    waiting: `Following ${id} from event ${last + 1} …`,
    events: (how) => parley.streams.follow(kind, id, { after, ...how }),
    show(event) {
      terminal.write(`${format === 'table' ? lineOf(event) : renderedLine(format, event)}\n`);
      last = event.seq;
      return undefined;
    },
    left() {
      const from = last === 0 ? '' : ` --after ${last}`;
      return `It goes on without you. Follow it again: ${self} stream follow ${kind.name} ${id}${from}`;
    },
  });
}

const lineOf = ({ seq, type, data }: NumberedFact): string => harmless(`${seq}  ${type}  ${JSON.stringify(data)}`);
