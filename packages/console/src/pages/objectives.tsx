import { Bar } from '../parts/bar.tsx';
import { Command, Fault } from '../parts/notice.tsx';
import { useResource } from '../use-resource.ts';
import { percent, timeOf } from '../words.ts';

/** As `GET /v1/slos` answers. */
interface Objective {
  readonly name: string;
  readonly description?: string | null;
  /** Share of what must be good, 0..1. */
  readonly objective: number;
  readonly sli: number | null;
  /** Share of the error budget that is left; below 0 when more than all of it is spent. */
  readonly budgetLeft: number | null;
  readonly burnRates?: readonly { readonly window: string; readonly rate: number | null }[];
  readonly status: string;
  readonly reason?: string | null;
  readonly runbook?: string | null;
}
interface Objectives {
  readonly source: string;
  readonly since?: string | null;
  readonly slos: readonly Objective[];
}

const everyMs = 10_000;

/** What is promised, how it stands, and what is left to spend. */
export function ObjectivesPage() {
  const { data, error } = useResource<Objectives>('/v1/slos', everyMs);
  if (error?.status === 404) return <None />;
  return (
    <section>
      <h1>Objectives</h1>
      <Fault error={error} />
      {data === undefined ? null : data.slos.length === 0 ? <p class="muted">None is set.</p> : <List data={data} />}
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

function List({ data }: { data: Objectives }) {
  return (
    <>
      <p class="muted">
        {data.source === 'process'
          ? `Counted by this process${data.since ? ` since ${timeOf(data.since)}` : ''}.`
          : `From ${data.source}.`}
      </p>
      <ul class="objectives">
        {data.slos.map((one) => (
          <li key={one.name} class={`objective objective-${one.status}`}>
            <h2>{one.name}</h2>
            <p class="about">
              <span class={`status status-${one.status}`}>{one.status}</span>
              <span>promised {exact(one.objective)}</span>
              <span>{one.sli === null ? 'not measured yet' : `is ${exact(one.sli)}`}</span>
            </p>
            {one.description ? <p>{one.description}</p> : null}
            {one.budgetLeft === null ? null : <Budget left={one.budgetLeft} />}
            <p class="about">
              {(one.burnRates ?? []).map(({ window, rate }) => (
                <span key={window}>
                  {window}: {rate === null ? 'unknown' : `${rate.toFixed(1)} ×`}
                </span>
              ))}
              {one.reason ? <span>{one.reason}</span> : null}
              {one.runbook && /^https?:/.test(one.runbook) ? <a href={one.runbook}>runbook</a> : null}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Budget({ left }: { left: number }) {
  return (
    <div class="budget">
      <Bar share={left} />
      <small>{left < 0 ? `overspent by ${percent(-left)}` : `${percent(left)} of the error budget left`}</small>
    </div>
  );
}

const exact = (share: number): string => `${Number((share * 100).toFixed(3))} %`;
