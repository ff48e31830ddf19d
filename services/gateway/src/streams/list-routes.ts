import type { StreamKind } from '@parley/contracts';
import { type StreamPage, type StreamView, streamPage, streamsQuery } from '@parley/contracts/http';
import { faults, json } from '../api/openapi-answers.ts';
import { type Route, route } from '../api/route.ts';
import type { Features } from './feature.ts';
import { ownWords, sharedWord } from './status-words.ts';
import type { StreamRow } from './stream-store.ts';
import type { Streams } from './streams.ts';

export interface StreamListDeps {
  readonly kinds: Features;
  readonly streams: Streams;
}

/** Streams of every kind in one list, with the word for their state that every kind shares. */
export function streamListRoutes({ kinds: features, streams }: StreamListDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/streams',
      id: 'listStreams',
      summary: 'Streams of every kind, newest first.',
      needs: 'read',
      query: streamsQuery,
      responses: { 200: json(streamPage, 'One page.'), ...faults },
      async handle({ context: { tenant }, query: { kind, status, limit, cursor } }) {
        const all = [...features.values()].map((feature) => feature.kind);
        const asked = kind === undefined ? all : all.filter(({ name }) => kind.includes(name));
        const statuses = status && asked.flatMap((one) => ownWords(one, status));
        const which = { kinds: asked.map(({ name }) => name), statuses, before: cursor, limit };
        const { rows, next } = await streams.page(tenant, which);
        return { body: { streams: rows.map((row) => viewOf(row, asked)), next } satisfies StreamPage };
      },
    }),
  ];
}

function viewOf(row: StreamRow, kinds: readonly StreamKind[]): StreamView {
  const { id, kind, title, status: ownStatus, createdAt, closedAt } = row;
  const of = kinds.find(({ name }) => name === kind);
  const status = of === undefined ? 'working' : sharedWord(of, ownStatus);
  return { id, kind, title, status, ownStatus, createdAt, closedAt };
}
