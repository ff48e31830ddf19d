import type { ReplayView } from '@parley/contracts/debate';
import { replayKind } from '@parley/contracts/debate/kinds.ts';
import { followStream } from './follow.ts';
import { type Ask, answerIn, pause } from './request.ts';

const pending = new Set<ReplayView['status']>(['accepted', 'judging']);
/** Pause between two looks at a replay that goes on: no event says that it was set aside. */
const defaultLookMs = 5_000;

export interface ReplayEndOptions {
  readonly signal?: AbortSignal | undefined;
  readonly lookMs?: number;
}

/** Follows a replay until it is finished, failed or set aside, and resolves to its view. */
export async function replayEnd(
  ask: Ask,
  debate: string,
  id: string,
  { signal, lookMs = defaultLookMs }: ReplayEndOptions = {},
): Promise<ReplayView> {
  const path = `/v1/debates/${encodeURIComponent(debate)}/replays/${encodeURIComponent(id)}`;
  const look = async (): Promise<ReplayView> => answerIn<ReplayView>(await ask(path, { signal }));
  const first = await look();
  if (!pending.has(first.status)) return first;

  const leaving = new AbortController();
  const either = signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]);
  let hasEnded = false;
  const end = readToEnd(ask, id, either).then(() => {
    hasEnded = true;
  });
  // A refusal may come during a look; the race below throws it.
  end.catch(() => {});
  try {
    for (;;) {
      const later = pause(lookMs, either);
      await (hasEnded ? later : Promise.race([end, later]));
      const view = await look();
      if (!pending.has(view.status)) return view;
    }
  } finally {
    leaving.abort();
  }
}

async function readToEnd(ask: Ask, id: string, signal: AbortSignal): Promise<void> {
  const events = followStream(ask, replayKind, id, { signal });
  while ((await events.next()).done !== true);
}
