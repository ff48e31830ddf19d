import type { DebateView } from '@parley/contracts/debate';
import { useEffect } from 'preact/hooks';
import { roundsOf } from '../debate-log.ts';
import { Controls } from '../parts/controls.tsx';
import { Ending } from '../parts/ending.tsx';
import { Empty, Fault, Rehearsal } from '../parts/notice.tsx';
import { Rail } from '../parts/rail.tsx';
import { Replay } from '../parts/replay.tsx';
import { Round } from '../parts/round.tsx';
import { Status } from '../parts/status.tsx';
import { paths } from '../route.ts';
import { type Followed, useDebateLog } from '../use-debate-log.ts';
import { useFollowing } from '../use-following.ts';
import { useResource } from '../use-resource.ts';
import { percent, plural, stances, teams, timeOf, waitingSentence } from '../words.ts';

/** One debate, while it goes on and afterwards. */
export function DebatePage({ id }: { id: string }) {
  const { log, connection, error } = useDebateLog(id);
  const { data: view, error: viewError, reload } = useResource<DebateView>(`/v1/debates/${encodeURIComponent(id)}`);
  const isOver = log.closed !== undefined;
  // What it cost is in the view alone, and whole only when the debate is over.
  useEffect(reload, [isOver, log.isPaused, log.stopped !== undefined]);
  useFollowing(log);
  const topic = log.setup?.topic ?? view?.topic;
  useEffect(() => {
    if (topic !== undefined) document.title = `${topic} · Parley`;
  }, [topic]);

  const fault = error ?? viewError;
  if (topic === undefined && fault !== undefined) {
    return (
      <Empty title={fault.status === 404 ? 'There is no such debate' : 'It cannot be shown'}>
        <Fault error={fault} />
        <p>
          <a href={paths.debates}>All debates</a>
        </p>
      </Empty>
    );
  }
  const status =
    log.closed?.status ?? (log.isPaused ? 'paused' : log.stopped ? 'judging' : (view?.status ?? 'accepted'));
  const rounds = roundsOf(log);
  const isRehearsed = log.turns.some((turn) => turn.isRehearsal);
  return (
    <article class="debate">
      <header class="title">
        <p class="about">
          <Status status={status} />
          <Connection connection={connection} />
          {view === undefined ? null : <time dateTime={view.createdAt}>{timeOf(view.createdAt)}</time>}
        </p>
        <h1>{topic}</h1>
        <Controls id={id} status={status} />
      </header>
      {isRehearsed ? <Rehearsal /> : null}
      {log.setup?.degraded === undefined ? null : (
        <p class="muted spent">
          It is smaller than it was asked for: {log.setup.degraded.slo} has {percent(log.setup.degraded.budgetLeft)} of
          its error budget left.
        </p>
      )}
      <div class="columns">
        {(['pro', 'con'] as const).map((side) => (
          <div key={side} class={`column-head side-${side}`}>
            <h2>
              {teams[side]} <span class="stance">{stances[side]}</span>
            </h2>
            <p>{log.setup?.sides[side].persona}</p>
          </div>
        ))}
      </div>
      <div class="spoken">
        <Rail log={log} />
        <ol class="rounds">
          {rounds.map((round) => (
            <Round key={round} round={round} log={log} />
          ))}
          {rounds.length === 0 && !isOver && log.waiting === undefined ? (
            <li class="muted waiting">The first side is about to speak.</li>
          ) : null}
        </ol>
      </div>
      {log.waiting === undefined ? null : (
        <p class="held-up" role="status">
          {waitingSentence(log.waiting)}
        </p>
      )}
      <Ending log={log} view={view} />
      {isOver && log.turns.length > 0 ? <Replay id={id} log={log} /> : null}
      {view === undefined || view.closedAt === null ? null : (
        <p class="muted spent">
          {plural(view.usage.inputTokens + view.usage.outputTokens, 'token')}
          {view.usage.cost === null ? ', of models without a price' : ''}
          {view.usage.cost !== null && view.usage.cost.amount > 0
            ? `, ${view.usage.cost.amount} ${view.usage.cost.currency}`
            : ''}
        </p>
      )}
    </article>
  );
}

const connections = { connecting: 'opening', live: 'live', lost: 'connection lost, coming back', over: '' } as const;

function Connection({ connection }: Pick<Followed, 'connection'>) {
  return (
    <span class={`connection connection-${connection}`} role="status">
      {connections[connection]}
    </span>
  );
}
