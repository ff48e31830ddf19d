import type { DebateView, Side, Verdict, Vote } from '@parley/contracts/debate';
import type { DebateLog } from '../debate-log.ts';
import { plural, stopSentences, sumOf, teams, verdictSentence } from '../words.ts';

/** Why it stopped, and what the judge says. */
export function Ending({ log, view }: { log: DebateLog; view: DebateView | undefined }) {
  const { stopped, given, closed } = log;
  if (stopped === undefined && closed === undefined) return null;
  const reason = stopped?.stopReason ?? closed?.stopReason;
  return (
    <section class="ending" aria-live="polite">
      {reason === undefined ? null : (
        <p class="stop">
          The debate stopped after {plural(stopped?.rounds ?? 0, 'round')}. {stopSentences[reason]}
          {(stopped?.alsoTrue ?? []).map(
            (also) => ` ${stopSentences[also].replace(/^It|^All/, (word) => `Also, ${word.toLowerCase()}`)}`,
          )}
        </p>
      )}
      {stopped?.detail === undefined ? null : <p class="muted">{stopped.detail}</p>}
      {given === undefined ? (
        closed === undefined ? (
          <p class="muted">The judge reads it in both orders of the sides.</p>
        ) : null
      ) : (
        <Judged verdict={given.verdict} votes={given.votes ?? view?.votes ?? []} isFlip={given.positionFlip === true} />
      )}
    </section>
  );
}

function Judged({ verdict, votes, isFlip }: { verdict: Verdict; votes: readonly Vote[]; isFlip: boolean }) {
  return (
    <div class={`verdict verdict-${verdict.outcome}`}>
      <h2>{verdictSentence(verdict)}</h2>
      {verdict.outcome === 'unavailable' ? null : <Marks verdict={verdict} />}
      <p class="reason">{verdict.reason}</p>
      {verdict.outcome === 'contested' ? (
        <p class="muted">A side wins only when the judge names it in both orders of the sides.</p>
      ) : null}
      {isFlip ? <p class="muted">A judge named the other side when the sides changed places.</p> : null}
      <Votes votes={votes} />
    </div>
  );
}

function Marks({ verdict }: { verdict: Extract<Verdict, { scores: unknown }> }) {
  const { pro, con } = verdict.scores;
  return (
    <table class="marks">
      <caption>Marks of 10, by {verdict.isRehearsal ? 'the rehearsal model' : verdict.model}</caption>
      <thead>
        <tr>
          <th scope="col">{teams.pro}</th>
          <th scope="col">
            <span class="visually-hidden">Criterion</span>
          </th>
          <th scope="col">{teams.con}</th>
        </tr>
      </thead>
      <tbody>
        {(Object.keys(pro) as (keyof typeof pro)[]).map((criterion) => (
          <tr key={criterion}>
            <Mark side="pro" value={pro[criterion]} />
            <th scope="row">{criterion}</th>
            <Mark side="con" value={con[criterion]} />
          </tr>
        ))}
        <tr class="sum">
          <td>{sumOf(pro)}</td>
          <th scope="row">of 40</th>
          <td>{sumOf(con)}</td>
        </tr>
      </tbody>
    </table>
  );
}

function Mark({ side, value }: { side: Side; value: number }) {
  return (
    <td class={`mark side-${side}`}>
      <span class="bar" aria-hidden="true" style={{ inlineSize: `${value * 10}%` }} />
      <span>{Math.round(value * 10) / 10}</span>
    </td>
  );
}

export function Votes({ votes }: { votes: readonly Vote[] }) {
  if (votes.length === 0) return null;
  return (
    <details>
      <summary>{plural(votes.length, 'raw vote')}</summary>
      <ul class="votes">
        {votes.map((vote) => (
          <li key={`${vote.judge}/${vote.order}`}>
            <strong>{vote.winner === 'contested' ? 'Contested' : teams[vote.winner]}</strong>
            <span class="about">
              <span>{vote.judge}</span>
              <span>{vote.order === 'pro-first' ? 'Team A shown first' : 'Team B shown first'}</span>
              <span>
                A {sumOf(vote.scores.pro)} : B {sumOf(vote.scores.con)}
              </span>
            </span>
            <p>{vote.reason}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}
