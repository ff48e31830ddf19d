import type { SlosView, SloView } from '@parley/contracts/http';
import { withGateway } from '../command-line/client.ts';
import { columns } from '../command-line/columns.ts';
import type { Call } from '../command-line/command.ts';

/** `parley slo`: how every objective stands. */
export async function sloCommand(call: Call): Promise<number> {
  const view = await withGateway(call, (parley) => parley.slos());
  call.print(view, () => sloTable(view));
  return 0;
}

/** The objectives for people: what nobody knows last, with the reason below. */
export function sloTable({ source, since, slos }: SlosView): string {
  const known = slos.filter(({ status }) => status !== 'unknown');
  const unknown = slos.filter(({ status }) => status === 'unknown');
  const head = ['objective', 'promised', 'measured', 'budget left', 'burning', 'status'];
  const rows = [head, ...[...known, ...unknown].map(rowOf)];
  const reasons = [...Map.groupBy(unknown, ({ reason = 'no reason' }) => reason)].map(
    ([reason, of]) => `${of.length} unknown: ${reason}`,
  );
  const pages = known
    .filter(({ status }) => status !== 'ok')
    .map(({ id, status, runbook }) => `${id} is ${status}: ${runbook}`);
  const from = source === 'prometheus' ? 'From Prometheus.' : `Counted by this process since ${since}.`;
  return [columns(rows), '', from, ...reasons, ...pages].join('\n');
}

function rowOf({ id, objective, sli, budgetLeft, burnRates, status }: SloView): string[] {
  const [latest] = burnRates;
  const burning = latest === undefined ? '–' : `${rounded(latest.rate)} × (${latest.window})`;
  return [id, percent(objective), percent(sli), percent(budgetLeft), burning, status];
}

const rounded = (value: number): number => Number(value.toPrecision(3));
const percent = (share: number | null): string => (share === null ? '–' : `${Number((share * 100).toPrecision(5))} %`);
