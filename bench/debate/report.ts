import type { Judging, Stops, Turns } from './count.ts';
import { repetitions } from './count.ts';

export interface Report {
  readonly model: string;
  readonly judge: string;
  /** None: steps 1 and 2 of the ladder alone. */
  readonly embedModel: string | undefined;
  readonly isRehearsal: boolean;
  readonly date: string;
  readonly machine: string;
  readonly rounds: number;
  readonly seed: number;
  readonly debates: { readonly asked: number; readonly finished: number; readonly failed: number };
  /** The time was up before every debate and replay was done. */
  readonly isPartial: boolean;
  readonly judgements: number;
  readonly turns: Turns;
  readonly stops: Stops;
  readonly judging: Judging;
  readonly context: { readonly truncations: number; readonly failedCalls: number; readonly skippedChecks: number };
}

/** What one run measured, as the table of bench/README.md. */
export function tableOf(report: Report): string {
  const { turns, stops, judging, context, debates } = report;
  const rows: readonly (readonly [string, string])[] = [
    ['stopped for', listOf(stops.reasons)],
    ...repetitions.map((kind): [string, string] => {
      const { planted, caught } = turns.planted[kind];
      return [`planted: ${named[kind]}`, `${caught} of ${planted} caught, ${planted - caught} missed`];
    }),
    ['caught by step', listOf(turns.steps)],
    [`not planted, called stale${report.isRehearsal ? '' : ' (the model may repeat itself)'}`, othersOf(turns)],
    ['both sides run dry', dryOf(stops)],
    ['not run dry, stopped as redundant', `${stops.others.stopped} of ${stops.others.debates}`],
    ['turns against their own side: asked for again, recorded as flips', `${turns.askedAgain}, ${turns.flips}`],
    ['concessions', `${turns.concessions} of ${turns.recorded} turns`],
    [
      `verdicts equal in ${report.judgements} judgings`,
      `${judging.equal} of ${judging.compared} debates; ${listOf(judging.outcomes)}; no verdict in ${judging.withoutVerdict} of ${judging.replays} judgings`,
    ],
    [
      'judgings that named the other side when the sides changed places',
      `${judging.positionFlips} of ${judging.replays}`,
    ],
    ['tokens saved where a debate stopped early', savedOf(stops, debates.finished)],
    ['prompts cut by the server', String(context.truncations)],
    ['model calls that failed, checks that were skipped', `${context.failedCalls}, ${context.skippedChecks}`],
  ];
  return [
    headOf(report),
    '',
    '| what | measured |',
    '| --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

const named = {
  verbatim: 'word for word',
  near: 'paraphrase, same names and figures',
  free: 'paraphrase in wholly other words',
} as const;

function headOf(report: Report): string {
  const { model, judge, embedModel, debates, rounds, seed, machine, date } = report;
  const sentences = [
    `**${model}**${report.isRehearsal ? ' (a script, not an AI)' : ''}, judged by ${judge}, embeddings: ${embedModel ?? 'none'}.`,
    `${debates.finished} of ${debates.asked} debates of ${rounds} rounds, seed ${seed}. ${machine}, ${date}.`,
    ...(debates.failed === 0 ? [] : [`${debates.failed} debates or replays failed.`]),
    ...(report.isPartial ? ['**Partial**: the time was up before everything was done.'] : []),
  ];
  return sentences.join(' ');
}

function listOf(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return entries.length === 0 ? 'none' : entries.map(([name, n]) => `${name} ${n}`).join(', ');
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function othersOf({ others: { en, zh } }: Turns): string {
  return `English ${en.stale} of ${en.turns}, Chinese ${zh.stale} of ${zh.turns}`;
}

function dryOf({ dry }: Stops): string {
  const never = dry.debates - dry.inTime - dry.late - dry.early;
  return `${dry.inTime} of ${dry.debates} stopped a round later, ${dry.late} later than that, ${dry.early} sooner, ${never} not`;
}

function savedOf({ saved, savedOfAll }: Stops, debates: number): string {
  const [least] = saved;
  const most = saved.at(-1);
  const median = saved[saved.length >> 1];
  if (least === undefined || most === undefined || median === undefined) return `0 of ${debates} debates stopped early`;
  return `median ${percent(median)} (${percent(least)}–${percent(most)}), ${saved.length} of ${debates} debates; ${percent(savedOfAll)} of all tokens`;
}

/** A page with the table of this run in the place of its last one, or behind those of other models. */
export function placed(page: string, report: Report, table: string): string {
  const end = '<!-- /debates -->';
  const { model, judge, embedModel = 'none' } = report;
  const name = `debates: ${model}, judge ${judge}, embeddings ${embedModel}`;
  const block = `<!-- ${name} -->\n${table}\n<!-- / -->\n`;
  const start = page.indexOf(`<!-- ${name} -->`);
  if (start < 0) return page.replace(end, () => `${block}\n${end}`);
  const behind = page.indexOf('<!-- / -->\n', start) + '<!-- / -->\n'.length;
  return page.slice(0, start) + block + page.slice(behind);
}
