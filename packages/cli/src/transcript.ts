import { styleText } from 'node:util';
import type { Degraded, DeltaV1, Fact, Side } from '@parley/contracts';

const teams = { pro: 'Team A (for)', con: 'Team B (against)' } as const;
const colours = { pro: 'green', con: 'magenta' } as const;

export interface TranscriptOptions {
  write(text: string): void;
  /** Show text while it is written; otherwise a turn is printed when it is whole. */
  readonly isLive: boolean;
  readonly isColoured: boolean;
}

/** Prints a debate as it goes, for people. */
export function createTranscript(options: TranscriptOptions) {
  let live: string | undefined;
  let shown = '';
  /** Turns that are whole. A piece of one may still arrive: pieces travel beside the facts, not among them. */
  const whole = new Set<string>();
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    options.isColoured ? styleText(style, text, { validateStream: false }) : text;
  const head = (round: number, side: Side): string =>
    `\n${paint(['bold', colours[side]], `${teams[side]}, round ${round}`)}\n`;

  function delta({ round, side, offset, text }: DeltaV1): void {
    if (!options.isLive) return;
    const turn = `${round}/${side}`;
    if (whole.has(turn)) return;
    if (live !== turn || offset === 0) {
      if (live === turn && shown !== '') options.write(paint('dim', '\n(begun anew)\n'));
      else options.write(head(round, side));
      live = turn;
      shown = '';
    }
    if (offset !== shown.length) return;
    shown += text;
    options.write(text);
  }

  function fact(event: Fact): void {
    switch (event.type) {
      case 'debate-started.v1':
        options.write(`\n${paint('bold', event.data.topic)}\n`);
        if (event.data.degraded !== undefined) options.write(`${paint('dim', degradedLine(event.data.degraded))}\n`);
        break;
      case 'turn-recorded.v1': {
        const { round, side, text, novelty, isRehearsal, model, concedes, flip, citations = [] } = event.data;
        const turn = `${round}/${side}`;
        const begun = live === turn ? shown.trimStart() : '';
        if (begun !== '' && text.startsWith(begun)) options.write(text.slice(begun.length));
        else if (begun.trimEnd() !== text) options.write(`${head(round, side)}${text}`);
        whole.add(turn);
        live = undefined;
        const bar = '█'.repeat(Math.round(novelty.score * 10)).padEnd(10, '░');
        const stale = novelty.isStale ? `, said before (${novelty.step}, ${novelty.against})` : '';
        const by = isRehearsal ? 'rehearsal model' : model;
        const cited = citations.map(({ id, isKnown, quoteFound }) => {
          const fault = isKnown ? (quoteFound === false ? ' (not its words)' : '') : ' (never given)';
          return ` · cites ${id}${fault}`;
        });
        const gave = concedes ? ' · gives in' : flip ? ' · argues for the other side' : '';
        const line = `${bar} ${Math.round(novelty.score * 100)} % new${stale}${cited.join('')} · ${by}${gave}`;
        options.write(`\n${paint('dim', line)}\n`);
        break;
      }
      case 'turn-rejected.v1':
        options.write(`\n${paint('dim', `(not taken, asked once more: ${event.data.reason})`)}\n`);
        break;
      case 'debate-paused.v1':
        options.write(`\n${paint('dim', '(paused)')}\n`);
        break;
      case 'note-added.v1':
        options.write(`\n${paint('bold', 'Note')}: ${event.data.text}\n`);
        break;
      case 'judge-polled.v1':
        options.write(`\n${paint('dim', `(asked after round ${event.data.round}, the judge finds it open)`)}\n`);
        break;
      case 'debate-stopped.v1': {
        const also = event.data.alsoTrue.length > 0 ? `, also true: ${event.data.alsoTrue.join(', ')}` : '';
        const detail = event.data.detail === undefined ? '' : `\n${event.data.detail}`;
        options.write(
          `\n${paint('bold', `Stopped: ${event.data.stopReason}`)}${also} (after ${event.data.rounds} ${event.data.rounds === 1 ? 'round' : 'rounds'})${detail}\n`,
        );
        break;
      }
      case 'verdict-given.v1': {
        const { verdict } = event.data;
        if (verdict.outcome === 'unavailable') {
          options.write(`${paint('bold', 'Verdict: none')} — ${verdict.reason}\n`);
          break;
        }
        const winner = verdict.outcome === 'contested' ? 'contested' : teams[verdict.outcome];
        const sum = (side: Side): number =>
          Math.round(10 * Object.values(verdict.scores[side]).reduce((a, b) => a + b, 0)) / 10;
        const by = verdict.isRehearsal ? ' · rehearsal model' : ` · ${verdict.model}`;
        options.write(
          `${paint('bold', `Verdict: ${winner}`)} (A ${sum('pro')} : B ${sum('con')} of 40${by})\n${verdict.reason}\n`,
        );
        break;
      }
      default:
        break;
    }
  }

  return { delta, fact };
}

function degradedLine({ slo, from, to }: Degraded): string {
  const less = [
    ...(to.maxRounds === undefined ? [] : [`at most ${to.maxRounds} rounds instead of ${from.maxRounds}`]),
    ...(to.panel === undefined ? [] : [`${to.panel} judge instead of ${from.panel}`]),
    ...(to.model === undefined ? [] : [`the model ${to.model}`]),
  ];
  return `(${less.join(', ')}: the error budget of ${slo} runs out)`;
}
