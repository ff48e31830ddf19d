import type { ReplicaView, ServiceView, SystemView } from '@parley/contracts/http';
import { plural, secondsOf, timeOf } from '../words.ts';
import { Command } from './notice.tsx';

/** State of every service: what waits in its tables, and each of its processes. */
export function Services({ view }: { view: SystemView }) {
  const { services, everySeconds, listeningSince } = view;
  return (
    <>
      <p class="muted">
        Every process reports each {everySeconds} seconds. This gateway listens since {timeOf(listeningSince)}.
      </p>
      <Table label="What waits in each service" columns={work}>
        {services.map((one) => (
          <Work key={one.service} service={one} />
        ))}
      </Table>
      <h3>Processes</h3>
      <Table label="Each process of each service" columns={processes}>
        {services.flatMap(({ service, replicas }) =>
          replicas.map((replica) => <Process key={`${service}/${replica.replica}`} service={service} of={replica} />),
        )}
      </Table>
      {services
        .filter(({ status }) => status !== 'ok')
        .map(({ service, status }) => (
          <Missing key={service} service={service} isSilent={status === 'silent'} everySeconds={everySeconds} />
        ))}
    </>
  );
}

const work = ['service', 'state', 'inputs', 'effects', 'unsent', 'oldest', 'leases', 'set aside', 'dead letters'];
const processes = ['process', 'state', 'heard', 'version', 'since', 'model', 'leases', 'lost', 'heartbeat'];

function Table({
  label,
  columns,
  children,
}: {
  label: string;
  columns: readonly string[];
  children: preact.ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard.
    <section class="table lines" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

function Work({ service: { service, status, backlog, deadLetters, replicas } }: { service: ServiceView }) {
  const talking = replicas.filter((one) => one.status === 'ok');
  const ages = backlog && [backlog.oldestInputSeconds, backlog.oldestEffectSeconds, backlog.oldestOutboxSeconds];
  const oldest = ages && Math.max(...ages.map((age) => age ?? -1));
  return (
    <tr>
      <th scope="row">{service}</th>
      <td>
        <State status={status} />
      </td>
      <Figure n={backlog?.inputs} />
      <Figure n={backlog?.effects} />
      <Figure n={backlog?.outbox} />
      <td>{oldest === null ? 'unknown' : oldest < 0 ? 'none' : secondsOf(oldest)}</td>
      <Figure n={talking.length === 0 ? undefined : talking.reduce((sum, { leases }) => sum + leases, 0)} />
      <Figure n={backlog?.parkedStreams} />
      <Figure n={deadLetters} />
    </tr>
  );
}

function Process({ service, of }: { service: string; of: ReplicaView }) {
  return (
    <tr>
      <th scope="row">
        {service} <span class="muted">{of.replica}</span>
      </th>
      <td>
        <State status={of.status} />
      </td>
      <td>{secondsOf(of.ageSeconds)} ago</td>
      <td>{of.version}</td>
      <td>{timeOf(of.startedAt)}</td>
      <td>{of.models[0] ?? 'none'}</td>
      <Figure n={of.leases} />
      <Figure n={of.leasesLost} />
      <td>{of.heartbeatAgeSeconds === null ? 'in one process' : `${secondsOf(of.heartbeatAgeSeconds)} ago`}</td>
    </tr>
  );
}

function Figure({ n }: { n: number | undefined }) {
  return <td>{n === undefined ? 'unknown' : n.toLocaleString('en')}</td>;
}

const words = { ok: 'reports', silent: 'silent', unheard: 'not heard' } as const;

function State({ status }: { status: keyof typeof words }) {
  return <span class={`status status-${status === 'ok' ? 'ok' : 'exhausted'}`}>{words[status]}</span>;
}

function Missing({ service, isSilent, everySeconds }: { service: string; isSilent: boolean; everySeconds: number }) {
  return (
    <div class="missing">
      <p>
        {isSilent
          ? `Every process of ${service} is silent. Start another:`
          : `No process of ${service} has been heard. It reports within ${plural(everySeconds, 'second')}, or start one:`}
      </p>
      <Command>{`npm run service -- ${service}`}</Command>
    </div>
  );
}
