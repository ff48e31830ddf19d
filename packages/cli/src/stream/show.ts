import { withGateway } from '../command-line/client.ts';
import { columns } from '../command-line/columns.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { kindOf } from './kinds.ts';

/** `parley stream show <kind> <id>`: its view, a line for each field. */
export async function showCommand(call: Call): Promise<number> {
  const [name = '', id = ''] = call.args;
  const kind = kindOf(name);
  const view = await withGateway(call, (parley) => parley.streams.get(kind, id));
  call.print(view, () =>
    columns(
      Object.entries(view).map(([field, value]) => [field, typeof value === 'string' ? value : JSON.stringify(value)]),
    ),
  );
  return exitCodes.ok.code;
}
