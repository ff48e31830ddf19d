import type { Piece, Presented } from '../domain/presented.ts';
import { spendingsOf } from '../domain/spending.ts';
import { spentOf } from '../domain/usage.ts';
import type { AgentReads, AgentWork } from './agent-port.ts';
import { type AnyFeature, presentedBy } from './feature.ts';
import type { Delta } from './hub.ts';
import { ownWords, sharedWord } from './status-words.ts';
import type { StreamRow } from './stream-store.ts';
import type { Streams } from './streams.ts';

/** How an agent's work differs from what its kind shows. */
export interface Restricted {
  /** What of a fact is this agent's. */
  present?(presented: Presented): Presented;
  /** What of a piece is this agent's. */
  piece?(piece: Piece): Piece | undefined;
  /** What is to be said of the work as it stands. */
  standing(row: StreamRow): string | undefined;
}

/** What protocols show of the streams of a kind, read as every kind is read. */
export function createAgentReads(
  streams: Streams,
  feature: Pick<AnyFeature, 'kind' | 'present' | 'piece'>,
  only: Restricted,
): AgentReads {
  const { kind } = feature;
  const present: AgentReads['present'] = (event) => {
    const presented = presentedBy(feature, event);
    return only.present?.(presented) ?? presented;
  };
  const workOf = (row: StreamRow): AgentWork => ({
    id: row.id,
    title: row.title,
    status: sharedWord(kind, row.status),
    words: only.standing(row),
    createdAt: row.createdAt,
    closedAt: row.closedAt,
  });
  return {
    kind,
    present,
    piece(delta: Delta) {
      const piece = feature.piece?.(delta);
      return piece === undefined || only.piece === undefined ? piece : only.piece(piece);
    },
    existing: async (tenant, id) => (await streams.find(tenant, kind, id)).id,
    async view(tenant, id) {
      const row = await streams.find(tenant, kind, id);
      const log = await streams.log(tenant, row.id);
      const artifacts = log.flatMap((event) => {
        const { artifact } = present(event);
        return artifact === undefined ? [] : [{ ...artifact, sequence: event.seq }];
      });
      const spent = log.flatMap(({ data }) => spendingsOf(data));
      return { ...workOf(row), sequence: log.at(-1)?.seq ?? 0, artifacts, usage: spentOf(spent, {}) };
    },
    async list(tenant, { limit, cursor, statuses }) {
      const which = { kinds: [kind.name], before: cursor, statuses: statuses && ownWords(kind, statuses), limit };
      const { rows, next } = await streams.page(tenant, which);
      return { works: rows.map(workOf), next };
    },
    count: (tenant, statuses) => streams.count(tenant, kind, statuses && ownWords(kind, statuses)),
    follow: (tenant, id, after, signal) => streams.follow(tenant, kind, id, after, signal),
  };
}
