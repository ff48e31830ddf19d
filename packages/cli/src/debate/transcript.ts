import type { Fact } from '@parley/contracts';
import type { Degraded, DeltaV1, ModelWaitingV1, Side } from '@parley/contracts/debate';
import type { FollowedEvent } from '@parley/sdk';
import { harmless, type Terminal } from '../command-line/terminal.ts';

const teams = { pro: 'Team A (for)', con: 'Team B (against)' } as const;
const colours = { pro: 'green', con: 'magenta' } as const;

/**
 * Prints a debate as it goes, for people: on a terminal while it is written, otherwise a turn when it is whole. What
 * models and people wrote is shown, not obeyed.
 */
export function createTranscript({ write, isLive, paint }: Pick<Terminal, 'write' | 'isLive' | 'paint'>) {
  let live: string | undefined;
  let shown = '';
  /** Turns that are whole. A piece of one may still arrive: pieces travel beside the facts, not among them. */
  const whole = new Set<string>();
  const head = (round: number, side: Side): string =>
    `\n${paint(['bold', colours[side]], `${teams[side]}, round ${round}`)}\n`;

  function delta({ round, side, offset, text }: DeltaV1): void {
    if (!isLive) return;
    const turn = `${round}/${side}`;
    if (whole.has(turn)) return;
    // A reader that comes in the middle of a turn sees it when it is whole.
    if (live !== turn && offset > 0) return;
    if (live !== turn || offset === 0) {
      if (live === turn && shown !== '') write(paint('dim', '\n(begun anew)\n'));
      else write(head(round, side));
      live = turn;
      shown = '';
    }
    if (offset !== shown.length) return;
    shown += text;
    write(harmless(text));
  }

  function heading(topic: string, degraded: Degraded | undefined): void {
    write(`\n${paint('bold', harmless(topic))}\n`);
    if (degraded !== undefined) write(`${paint('dim', degradedLine(degraded))}\n`);
  }

  function fact(raw: Fact): void {
    const event = harmlessFact(raw);
    switch (event.type) {
      case 'debate-started.v1':
        heading(event.data.topic, event.data.degraded);
        break;
      case 'turn-recorded.v1': {
        const { round, side, text, novelty, isRehearsal, model, concedes, flip, citations = [] } = event.data;
        const turn = `${round}/${side}`;
        const begun = live === turn ? harmless(shown).trimStart() : '';
        if (begun !== '' && text.startsWith(begun)) write(text.slice(begun.length));
        else if (begun.trimEnd() !== text) write(`${head(round, side)}${text}`);
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
        write(`\n${paint('dim', line)}\n`);
        break;
      }
      case 'turn-rejected.v1':
        write(`\n${paint('dim', `(not taken, asked once more: ${event.data.reason})`)}\n`);
        break;
      case 'model-waiting.v1':
        write(`\n${paint('dim', waitingLine(event.data))}\n`);
        break;
      case 'debate-paused.v1':
        write(`\n${paint('dim', '(paused)')}\n`);
        break;
      case 'note-added.v1':
        write(`\n${paint('bold', 'Note')}: ${event.data.text}\n`);
        break;
      case 'judge-polled.v1':
        write(`\n${paint('dim', `(asked after round ${event.data.round}, the judge finds it open)`)}\n`);
        break;
      case 'debate-stopped.v1': {
        const also = event.data.alsoTrue.length > 0 ? `, also true: ${event.data.alsoTrue.join(', ')}` : '';
        const detail = event.data.detail === undefined ? '' : `\n${event.data.detail}`;
        write(
          `\n${paint('bold', `Stopped: ${event.data.stopReason}`)}${also} (after ${event.data.rounds} ${event.data.rounds === 1 ? 'round' : 'rounds'})${detail}\n`,
        );
        break;
      }
      case 'verdict-given.v1': {
        const { verdict } = event.data;
        if (verdict.outcome === 'unavailable') {
          write(`${paint('bold', 'Verdict: none')} — ${verdict.reason}\n`);
          break;
        }
        const winner = verdict.outcome === 'contested' ? 'contested' : teams[verdict.outcome];
        const sum = (side: Side): number =>
          Math.round(10 * Object.values(verdict.scores[side]).reduce((a, b) => a + b, 0)) / 10;
        const by = verdict.isRehearsal ? ' · rehearsal model' : ` · ${verdict.model}`;
        write(
          `${paint('bold', `Verdict: ${winner}`)} (A ${sum('pro')} : B ${sum('con')} of 40${by})\n${verdict.reason}\n`,
        );
        break;
      }
      default:
        break;
    }
  }

  return {
    heading,
    delta,
    fact,
    show: (event: FollowedEvent): void => (event.type === 'delta' ? delta(event.data) : fact(event)),
  };
}

function harmlessFact(fact: Fact): Fact {
  return JSON.parse(JSON.stringify(fact), (_, value) => (typeof value === 'string' ? harmless(value) : value));
}

function waitingLine({ awaits, side = 'pro', since, reason }: ModelWaitingV1): string {
  const what = {
    turn: `the turn of ${teams[side]} has`,
    assessment: `the check of a turn of ${teams[side]} has`,
    verdict: 'the verdict has',
  }[awaits];
  return `(${what} been waiting for a model since ${new Date(since).toISOString()}; it is asked again until the debate's time is up: ${reason})`;
}

function degradedLine({ slo, from, to }: Degraded): string {
  const less = [
    ...(to.maxRounds === undefined ? [] : [`at most ${to.maxRounds} rounds instead of ${from.maxRounds}`]),
    ...(to.panel === undefined ? [] : [`${to.panel} judge instead of ${from.panel}`]),
    ...(to.model === undefined ? [] : [`the model ${to.model}`]),
  ];
  return `(${less.join(', ')}: the error budget of ${slo} runs out)`;
}
