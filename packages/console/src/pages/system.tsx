import { useEffect, useState } from 'preact/hooks';
import { Command, Fault } from '../parts/notice.tsx';
import { samplesOf, type Work, workOf } from '../samples.ts';
import { useResource } from '../use-resource.ts';
import { plural, timeOf } from '../words.ts';

interface Parked {
  readonly service: string;
  readonly kind: string;
  readonly stream: string;
  readonly input: string;
  readonly reason: string;
  readonly at: string;
}

const everyMs = 5_000;

/** Whether everything is there that must be, what waits, and what was set aside. */
export function SystemPage() {
  const { data, error } = useResource<{ parked: readonly Parked[] }>('/v1/parked', everyMs);
  const ready = useText('/readyz?verbose');
  const metrics = useText('/metrics');
  return (
    <section>
      <h1>System</h1>
      <Fault error={error} />
      <Checks lines={ready === undefined ? [] : ready.trim().split('\n')} />
      <h2>Waiting</h2>
      <Waiting work={workOf(samplesOf(metrics ?? ''))} />
      <h2>Set aside</h2>
      {data === undefined ? null : data.parked.length === 0 ? (
        <p class="muted">No stream is set aside.</p>
      ) : (
        <ParkedTable parked={data.parked} />
      )}
      <h2>Dead letters</h2>
      <p class="muted">What no service could read is kept on its own topic, and can be read and sent again:</p>
      <Command>npm run parley -- dlq list</Command>
    </section>
  );
}

/** What stands at a place that answers with text, read again and again; also what it says with a 503. */
function useText(path: string): string | undefined {
  const [text, setText] = useState<string>();
  useEffect(() => {
    const leaving = new AbortController();
    const read = () =>
      fetch(path, { signal: leaving.signal })
        .then((response) => response.text())
        .catch(() => '[-] gateway: does not answer')
        .then((now) => leaving.signal.aborted || setText(now));
    void read();
    const timer = setInterval(() => document.visibilityState === 'visible' && void read(), everyMs);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [path]);
  return text;
}

function Checks({ lines }: { lines: readonly string[] }) {
  return (
    <ul class="checks">
      {lines.map((line) => {
        const [, sign, name, detail] = /^\[([+-])\] ([^:]+): (.*)$/.exec(line) ?? [];
        if (name === undefined) return null;
        return (
          <li key={name} class={sign === '+' ? 'is-good' : 'is-bad'}>
            <strong>{name}</strong> <span>{detail}</span>
            <span class="visually-hidden">{sign === '+' ? 'good' : 'bad'}</span>
          </li>
        );
      })}
    </ul>
  );
}

const columns = ['service', 'inputs', 'effects', 'oldest', 'unsent', 'set aside', 'leases lost', 'dead letters'];

function Waiting({ work }: { work: readonly Work[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard.
    <section class="table" tabIndex={0} aria-label="What waits in each service of this process">
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
        <tbody>
          {work.map((one) => (
            <tr key={one.service}>
              <th scope="row">{one.service}</th>
              <td>{one.inputs}</td>
              <td>{one.effects}</td>
              <td>{one.oldestSeconds === undefined ? 'unknown' : `${one.oldestSeconds.toFixed(1)} s`}</td>
              <td>{one.unsent}</td>
              <td>{one.parked}</td>
              <td>{one.leasesLost}</td>
              <td>{one.deadLetters}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ParkedTable({ parked }: { parked: readonly Parked[] }) {
  return (
    <div class="table">
      <table>
        <caption>{plural(parked.length, 'stream')}</caption>
        <thead>
          <tr>
            <th scope="col">stream</th>
            <th scope="col">service</th>
            <th scope="col">could not take</th>
            <th scope="col">because</th>
            <th scope="col">at</th>
          </tr>
        </thead>
        <tbody>
          {parked.map((one) => (
            <tr key={`${one.stream}/${one.at}`}>
              <th scope="row">
                {one.kind} {one.stream}
              </th>
              <td>{one.service}</td>
              <td>{one.input}</td>
              <td>{one.reason}</td>
              <td>{timeOf(one.at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
