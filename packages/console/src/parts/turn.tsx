import type { Citation } from '@parley/contracts/debate';
import type { LiveTurn as Live, Turn } from '../debate-log.ts';
import { traceAddress } from '../trace.ts';
import { noveltySentence, teams } from '../words.ts';
import { Bar } from './bar.tsx';

/** Words of a model are text: nothing in them is markup, a link or an order to this page. */
function Paragraphs({ text }: { text: string }) {
  return text.split(/\n{2,}/).map((paragraph, i) => <p key={i}>{paragraph}</p>);
}

export function TurnText({ turn }: { turn: Turn }) {
  const { side, novelty, model, isRehearsal } = turn;
  const trace = traceAddress(turn.traceId);
  return (
    <section class={`turn side-${side}`} aria-label={`${teams[side]}, round ${turn.round}`}>
      <div class="words">
        <Paragraphs text={turn.text} />
      </div>
      <footer>
        <Bar share={novelty.score} isWarning={novelty.isStale} />
        <p class="about">
          <span>{noveltySentence(novelty)}</span>
          <span>{isRehearsal ? 'rehearsal model' : model}</span>
          {turn.concedes ? <strong>gives in</strong> : null}
          {turn.flip ? <strong>argues for the other side</strong> : null}
          {turn.isOnTopic === false ? <strong>off topic</strong> : null}
          {(turn.citations ?? []).map((citation) => (
            <span key={citation.id}>{citationOf(citation)}</span>
          ))}
          {trace === undefined ? null : (
            <a href={trace} rel="noreferrer" target="_blank">
              trace
            </a>
          )}
        </p>
      </footer>
    </section>
  );
}

function citationOf({ id, isKnown, quoteFound }: Citation): string {
  if (!isKnown) return `cites ${id}, which was never given`;
  return quoteFound === false ? `cites ${id}, but not its words` : `cites ${id}`;
}

export function LiveTurn({ live }: { live: Live }) {
  return (
    <section class={`turn is-live side-${live.side}`} aria-label={`${teams[live.side]}, round ${live.round}, speaking`}>
      <div class="words">
        <Paragraphs text={`${live.from > 0 ? '… ' : ''}${live.text}`} />
      </div>
      <footer>
        <p class="about">speaking</p>
      </footer>
    </section>
  );
}
