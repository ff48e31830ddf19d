import { openClient, withGateway } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { harmless } from '../command-line/terminal.ts';
import { type DebateFlags, debateBody } from './body.ts';
import { type FollowFlags, followInTerminal } from './follow.ts';

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
  return followInTerminal(call, openClient(call.env), started.id);
}
