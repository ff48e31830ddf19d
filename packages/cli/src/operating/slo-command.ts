import { withGateway } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { sloTable } from './slo-table.ts';

/** `parley slo`: how every objective stands. */
export async function sloCommand(call: Call): Promise<number> {
  const view = await withGateway(call, (parley) => parley.slos());
  call.print(view, () => sloTable(view));
  return 0;
}
