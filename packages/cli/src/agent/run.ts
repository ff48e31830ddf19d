import { openClient, withGateway } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { type FollowFlags, followInTerminal } from './follow.ts';

export interface RunFlags extends FollowFlags {
  readonly steps?: number;
  readonly seconds?: number;
  readonly detach?: boolean;
}

/** `parley agent run <agent> <text>`. */
export async function runCommand(call: Call<RunFlags>): Promise<number> {
  const [agent = '', input = ''] = call.args;
  const { steps, seconds, detach } = call.flags;
  const limits = { ...(steps === undefined ? {} : { steps }), ...(seconds === undefined ? {} : { seconds }) };
  const started = await withGateway(call, (parley) => parley.agents.run(agent, { input, limits }));
  if (detach !== true) return followInTerminal(call, openClient(call.env), started.id);
  call.print(started, () => `${started.id} is started. Follow it:  ${call.self} run follow ${started.id}`);
  return exitCodes.ok.code;
}
