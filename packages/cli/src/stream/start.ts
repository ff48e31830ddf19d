import { ParleyError } from '@parley/contracts';
import { openClient, withGateway } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { type FollowFlags, followInTerminal } from './follow.ts';
import { kindOf } from './kinds.ts';

export interface StartFlags extends FollowFlags {
  readonly follow?: boolean;
}

/** `parley stream start <kind> <field=value...>`: durable when this returns. */
export async function startCommand(call: Call<StartFlags>): Promise<number> {
  const [name = '', ...fields] = call.args;
  const kind = kindOf(name);
  const body = bodyOf(fields);
  const started = await withGateway(call, (parley) => parley.streams.start(kind, body));
  if (call.flags.follow === true) return followInTerminal(call, openClient(call.env), kind, started.id);
  call.print(started, () => `${started.id} is started. Follow it:  ${call.self} stream follow ${name} ${started.id}`);
  return exitCodes.ok.code;
}

/**
 * The fields as they stand on the command line: a value that is JSON is that, any other one is text.
 * @throws ParleyError BAD_REQUEST
 */
function bodyOf(fields: readonly string[]): object {
  return Object.fromEntries(
    fields.map((field): [string, unknown] => {
      const at = field.indexOf('=');
      if (at > 0) return [field.slice(0, at), readValue(field.slice(at + 1))];
      throw new ParleyError('BAD_REQUEST', `"${field}" is no field; write name=value, such as "topic=Tea or coffee?".`);
    }),
  );
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
