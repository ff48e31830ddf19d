import type { Money, UsageView } from '@parley/contracts/http';
import { useState } from 'preact/hooks';
import { Bar } from '../parts/bar.tsx';
import { Chart } from '../parts/chart.tsx';
import { Curl } from '../parts/curl.tsx';
import { Command, Fault } from '../parts/notice.tsx';
import { useResource } from '../use-resource.ts';
import { percent, plural } from '../words.ts';

const groupings = ['day', 'model', 'agent'] as const;
type Grouping = (typeof groupings)[number];
const everyMs = 15_000;
const dayMs = 24 * 60 * 60 * 1000;

/** Tokens and money of the last thirty days. */
export function UsagePage() {
  const [by, setBy] = useState<Grouping>('day');
  const path = `/v1/usage?groupBy=${by}`;
  const { data, error } = useResource<UsageView>(path, everyMs);
  return (
    <section>
      <h1>Usage</h1>
      <Fault error={error} />
      <fieldset class="chips">
        <legend class="visually-hidden">Group by</legend>
        {groupings.map((one) => (
          <button key={one} type="button" aria-pressed={one === by} onClick={() => setBy(one)}>
            by {one}
          </button>
        ))}
      </fieldset>
      {data === undefined ? null : data.groups.length === 0 ? <Nothing /> : <Usage view={data} />}
      <Curl path={path} what="Read it" />
    </section>
  );
}

function Nothing() {
  return (
    <div class="empty">
      <p>No tokens were spent from the days that are shown. A debate spends some:</p>
      <Command>npm start -- --once --rounds 2</Command>
    </div>
  );
}

function Usage({ view }: { view: UsageView }) {
  const { groups, total, unpriced, from, to, groupBy } = view;
  return (
    <>
      <p class="figure">
        {plural(tokensOf(total), 'token')}
        <span class="muted">
          {' '}
          · {moneyOf(total.cost)} · {from} to {to}
        </span>
      </p>
      {groupBy === 'day' ? <Days view={view} /> : null}
      <div class="table usage">
        <table>
          <thead>
            <tr>
              <th scope="col">{groupBy}</th>
              <th scope="col">share</th>
              <th scope="col">in</th>
              <th scope="col">out</th>
              <th scope="col">answers</th>
              <th scope="col">cost</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={group.key}>
                <th scope="row">{group.key}</th>
                <td>
                  <Bar share={tokensOf(group) / Math.max(1, tokensOf(total))} />
                  <span class="visually-hidden">{percent(tokensOf(group) / Math.max(1, tokensOf(total)))}</span>
                </td>
                <td>{group.inputTokens.toLocaleString('en')}</td>
                <td>{group.outputTokens.toLocaleString('en')}</td>
                <td>{group.calls.toLocaleString('en')}</td>
                <td>{moneyOf(group.cost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {unpriced.length === 0 ? null : (
        <div class="muted">
          <p>Without a price: {unpriced.join(', ')}. Say what they cost:</p>
          <Command>{`PARLEY_PRICES='${JSON.stringify({ [unpriced[0] ?? '']: { inputPerMillion: 0.15, outputPerMillion: 0.6, currency: 'USD' } })}' npm start`}</Command>
        </div>
      )}
    </>
  );
}

/** Every day from the first to the last, those without a token too. */
function Days({ view: { groups, from, to } }: { view: UsageView }) {
  const spent = new Map(groups.map((one) => [one.key, tokensOf(one)]));
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += dayMs) days.push(new Date(at).toISOString().slice(0, 10));
  return (
    <figure>
      <Chart
        label={`Tokens by day. ${groups.map(({ key }) => `${key}: ${spent.get(key)}`).join(', ')}.`}
        xs={days.map((_, i) => i)}
        xLabel={(x) => days[x]?.slice(5) ?? ''}
        yLabel={(y) => Intl.NumberFormat('en', { notation: 'compact' }).format(y)}
        series={[{ label: 'tokens', colour: '--pro', kind: 'bars', values: days.map((day) => spent.get(day) ?? 0) }]}
      />
    </figure>
  );
}

const tokensOf = ({ inputTokens, outputTokens }: UsageView['total']) => inputTokens + outputTokens;

function moneyOf(cost: Money | null): string {
  if (cost === null) return 'price unknown';
  return cost.currency === 'XXX' ? 'no cost' : `${cost.amount} ${cost.currency}`;
}
