import { withGateway } from '../command-line/client.ts';
import { columns } from '../command-line/columns.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';

export interface ListFlags {
  readonly limit?: number;
  readonly cursor?: string;
  readonly kind?: string;
  readonly status?: string;
}

/** `parley stream list`: streams of every kind, newest first. */
export async function listCommand(call: Call<ListFlags>): Promise<number> {
  const { limit = 20, cursor, kind, status } = call.flags;
  const page = await withGateway(call, (parley) => parley.streams.list({ limit, cursor, kind, status }));
  call.print(page, () => {
    if (page.streams.length === 0) return `No streams${cursor === undefined ? ' like that' : ' before that one'}.`;
    const rows = page.streams.map((one) => [
      one.id,
      one.kind,
      one.ownStatus === one.status ? one.status : `${one.status}, ${one.ownStatus}`,
      `${one.createdAt.slice(0, 16)}Z`,
      one.title,
    ]);
    const more = page.next === null ? '' : `\n\nOlder ones:  ${call.self} stream list --cursor ${page.next}`;
    return `${columns([['id', 'kind', 'status', 'started', 'title'], ...rows])}${more}`;
  });
  return exitCodes.ok.code;
}
