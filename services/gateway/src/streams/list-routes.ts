import { type RunStatus, type StreamPage, type StreamView, streamPage, streamsQuery } from '@parley/contracts';
import { faults, json } from '../api/openapi-answers.ts';
import { type Route, route } from '../api/route.ts';
import type { Features } from './feature.ts';
import type { StreamRow } from './stream-store.ts';
import type { Streams } from './streams.ts';

export interface StreamListDeps {
  readonly kinds: Features;
  readonly streams: Streams;
}

/** Streams of every kind in one list, with the word for their state that every kind shares. */
export function streamListRoutes({ kinds: features, streams }: StreamListDeps): Route[] {
  const wordOf = ({ kind, status }: StreamRow): RunStatus => features.get(kind)?.kind.statuses[status] ?? 'working';
  return [
    route({
      method: 'get',
      path: '/v1/streams',
      id: 'listStreams',
      summary: 'Streams of every kind, newest first.',
      needs: 'read',
      query: streamsQuery,
      responses: { 200: json(streamPage, 'One page.'), ...faults },
      async handle({ caller: { tenant }, query: { kind, status, limit, cursor } }) {
        const asked = [...features.values()].flatMap((one) =>
          (kind?.includes(one.kind.name) ?? true) ? one.kind : [],
        );
        const statuses = status && asked.flatMap((one) => ownWords(one.statuses, status));
        const which = { kinds: asked.map(({ name }) => name), statuses, before: cursor, limit };
        const { rows, next } = await streams.page(tenant, which);
        return { body: { streams: rows.map((row) => viewOf(row, wordOf(row))), next } satisfies StreamPage };
      },
    }),
  ];
}

/** A kind's own words for states that every kind shares. */
function ownWords(statuses: Readonly<Record<string, RunStatus>>, shared: readonly RunStatus[]): string[] {
  return Object.keys(statuses).filter((own) => shared.includes(statuses[own] as RunStatus));
}

function viewOf({ id, kind, title, status: ownStatus, createdAt, closedAt }: StreamRow, status: RunStatus): StreamView {
  return { id, kind, title, status, ownStatus, createdAt, closedAt };
}
