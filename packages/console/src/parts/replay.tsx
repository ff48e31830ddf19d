import type { ReplayRules, ReplayView } from '@parley/contracts/debate';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, get, post } from '../api.ts';
import type { DebateLog } from '../debate-log.ts';
import { previewStop } from '../preview.ts';
import { percent, plural, verdictSentence } from '../words.ts';
import { Curl } from './curl.tsx';
import { Votes } from './ending.tsx';
import { Fault } from './notice.tsx';
import { NoveltyChart } from './novelty-chart.tsx';

const pollMs = 400;
const firstThreshold = 0.5;

/** The same debate by another threshold: at once from the log's figures, and judged again when asked. */
export function Replay({ id, log }: { id: string; log: DebateLog }) {
  const [from, setFrom] = useState(firstThreshold);
  const [view, setView] = useState<ReplayView>();
  const [error, setError] = useState<ApiError>();
  const [isAsking, setAsking] = useState(false);
  const leaving = useRef(new AbortController());
  useEffect(() => () => leaving.current.abort(), []);
  const rules: ReplayRules = { thresholds: { containment: from, jaccard: from }, stop: { stopWhenRedundant: true } };
  const at = `/v1/debates/${id}/replays`;
  const { round, staleTurns } = previewStop(log, log.setup ?? { minRounds: 1 }, from);
  const spoken = log.stopped?.rounds ?? 0;

  const ask = async () => {
    setAsking(true);
    setError(undefined);
    try {
      const { signal } = leaving.current;
      let now = await post<ReplayView>(at, rules);
      while (!['finished', 'failed', 'parked'].includes(now.status) && !signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, pollMs));
        now = await get<ReplayView>(`${at}/${now.id}`, signal);
      }
      setView(now);
    } catch (thrown) {
      if (!leaving.current.signal.aborted)
        setError(thrown instanceof ApiError ? thrown : new ApiError(0, { detail: String(thrown) }));
    }
    setAsking(false);
  };

  return (
    <section class="replay">
      <h2>With another threshold</h2>
      <p class="muted">
        How much of a turn may have been said before? Nobody debates again: the log is read by another rule.
      </p>
      <NoveltyChart log={log} from={from} />
      <label class="slider">
        <span>
          A turn is stale from <output>{percent(from)}</output> overlap
        </span>
        <input
          type="range"
          min="0.02"
          max="1"
          step="0.01"
          value={from}
          aria-valuetext={`${percent(from)} overlap`}
          onInput={(event) => {
            setFrom(Number(event.currentTarget.value));
            setView(undefined);
          }}
        />
      </label>
      <p class="would" aria-live="polite">
        {round === undefined
          ? `It would have gone on to where it did: ${plural(spoken, 'round')}.`
          : round < spoken
            ? `It would have stopped at round ${round} instead of ${spoken}.`
            : `It would have stopped where it did, at round ${round}.`}{' '}
        <span class="muted">{plural(staleTurns.size, 'stale turn')}.</span>
      </p>
      <div class="actions">
        <button type="button" disabled={isAsking} onClick={() => void ask()}>
          {isAsking ? 'Judging …' : 'Judge it again like this'}
        </button>
        <Curl path={at} body={rules} what="Replay it" />
      </div>
      <Fault error={error} />
      <div aria-live="polite">{view === undefined ? null : <Result view={view} />}</div>
    </section>
  );
}

function Result({ view: { result, reason, status } }: { view: ReplayView }) {
  if (result === null)
    return <p class="fault">The replay {status === 'parked' ? 'was set aside' : `failed: ${reason}`}.</p>;
  const { original, replay, tokensSaved } = result;
  const verdictOf = (verdict: typeof replay.verdict) => (verdict === null ? 'none' : verdictSentence(verdict));
  return (
    <div class="replayed">
      <table class="compare">
        <caption>{tokensSaved === 0 ? 'No tokens saved' : `${plural(tokensSaved, 'token')} saved`}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">as it was</th>
            <th scope="col">like this</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">rounds</th>
            <td>{original.rounds}</td>
            <td>{replay.rounds}</td>
          </tr>
          <tr>
            <th scope="row">stopped for</th>
            <td>{original.stopReason ?? 'nothing yet'}</td>
            <td>{replay.stopReason ?? 'nothing yet'}</td>
          </tr>
          <tr>
            <th scope="row">verdict</th>
            <td>{verdictOf(original.verdict)}</td>
            <td>{verdictOf(replay.verdict)}</td>
          </tr>
        </tbody>
      </table>
      <Votes votes={replay.votes} />
    </div>
  );
}
