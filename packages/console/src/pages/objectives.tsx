import type { SlosView, SloView } from '@parley/contracts/http';
import { Bar } from '../parts/bar.tsx';
import { Curl } from '../parts/curl.tsx';
import { Command, Fault } from '../parts/notice.tsx';
import { useResource } from '../use-resource.ts';
import { percent, plural, timeOf } from '../words.ts';

const path = '/v1/slos';
const everyMs = 10_000;

/** What is promised, how it stands, and what is left to spend. */
export function ObjectivesPage() {
  const { data, error } = useResource<SlosView>(path, everyMs);
  if (error?.status === 404) return <None />;
  return (
    <section>
      <h1>Objectives</h1>
      <Fault error={error} />
      {data === undefined ? null : <List view={data} />}
      <Curl path={path} what="Read them" />
    </section>
  );
}

function None() {
  return (
    <section class="empty">
      <h1>No objectives here</h1>
      <p>This gateway does not tell them. What they are made from is at:</p>
      <Command>{`curl ${location.origin}/metrics`}</Command>
    </section>
  );
}

function List({ view: { source, since, slos } }: { view: SlosView }) {
  return (
    <>
      <p class="muted">
        {source === 'prometheus'
          ? 'From Prometheus.'
          : `Counted by this process${since ? ` since ${timeOf(since)}` : ''}.`}
      </p>
      {[...Map.groupBy(slos, ({ service }) => service)].map(([service, of]) => (
        <section key={service}>
          <h2>{service}</h2>
          <ul class="objectives">
            {of.map((slo) => (
              <Objective key={slo.id} slo={slo} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Objective({ slo }: { slo: SloView }) {
  const { title, description, objective, windowDays, sli, budgetLeft, burnRates, status, reason, runbook } = slo;
  return (
    <li class="objective">
      <h3>{title}</h3>
      <p class="about">
        <span class={`status status-${status}`}>{status}</span>
        <span>
          {exact(objective)} in {plural(windowDays, 'day')}
        </span>
        {sli === null ? null : <span>is {exact(sli)}</span>}
      </p>
      <p>{description}</p>
      {budgetLeft === null ? null : (
        <div class="budget">
          <Bar share={budgetLeft} isWarning={budgetLeft <= 0} />
          <small>
            {budgetLeft < 0
              ? `The error budget is overspent by ${percent(-budgetLeft)}`
              : `${percent(budgetLeft)} of the error budget left`}
          </small>
        </div>
      )}
      <p class="about">
        {burnRates.map(({ window, rate }) => (
          <span key={window}>
            {window} {rate.toFixed(1)} ×
          </span>
        ))}
        {reason === undefined ? null : <span>{reason}</span>}
        {status === 'burning' || status === 'exhausted' ? <span>{runbook}</span> : null}
      </p>
    </li>
  );
}

const exact = (share: number): string => `${Number((share * 100).toFixed(3))} %`;
