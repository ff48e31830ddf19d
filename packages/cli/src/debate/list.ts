import { withGateway } from '../command-line/client.ts';
import { columns } from '../command-line/columns.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';

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
