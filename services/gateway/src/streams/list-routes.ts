import { type RunStatus, type StreamPage, type StreamView, streamsQuery } from '@parley/contracts';
import { callerOf, onlyMethods, parse } from '@parley/runtime';
import { Router } from 'express';
import type { Features } from './feature.ts';
import type { StreamRow } from './stream-store.ts';
import type { Streams } from './streams.ts';

/** Streams of every kind in one list, with the word for their state that every kind shares. */
export function streamListRoutes(features: Features, streams: Streams): Router {
  const router = Router();
  const wordOf = ({ kind, status }: StreamRow): RunStatus => features.get(kind)?.kind.statuses[status] ?? 'working';

  router.get('/v1/streams', async (request, response) => {
    const { kind, status, limit, cursor } = parse(streamsQuery, request.query, 'query');
    const kinds = [...features.values()].filter(({ kind: { name } }) => kind === undefined || kind.includes(name));
    const statuses = status && kinds.flatMap(({ kind: { statuses } }) => ownWords(statuses, status));
    const { tenant } = callerOf(response);
    const which = { kinds: kinds.map(({ kind: { name } }) => name), statuses, before: cursor, limit };
    const { rows, next } = await streams.page(tenant, which);
    const page: StreamPage = { streams: rows.map((row) => viewOf(row, wordOf(row))), next };
    response.json(page);
  });

  router.all('/v1/streams', onlyMethods('GET'));
  return router;
}

/** A kind's own words for states that every kind shares. */
function ownWords(statuses: Readonly<Record<string, RunStatus>>, shared: readonly RunStatus[]): string[] {
  return Object.keys(statuses).filter((own) => shared.includes(statuses[own] as RunStatus));
}

function viewOf({ id, kind, title, status: ownStatus, createdAt, closedAt }: StreamRow, status: RunStatus): StreamView {
  return { id, kind, title, status, ownStatus, createdAt, closedAt };
}
