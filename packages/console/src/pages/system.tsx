import { useEffect, useState } from 'preact/hooks';
import { Command, Fault } from '../parts/notice.tsx';
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

/** Whether everything is there that must be, and what was set aside. */
export function SystemPage() {
  const { data, error } = useResource<{ parked: readonly Parked[] }>('/v1/parked', everyMs);
  return (
    <section>
      <h1>System</h1>
      <Fault error={error} />
      <Ready />
      <h2>Set aside</h2>
      {data === undefined ? null : data.parked.length === 0 ? (
        <>
          <p class="muted">No stream is set aside. What no service could read would be a dead letter:</p>
          <Command>npm run parley -- dlq list</Command>
        </>
      ) : (
        <ParkedTable parked={data.parked} />
      )}
    </section>
  );
}

function Ready() {
  const [lines, setLines] = useState<readonly string[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    const read = async () => {
      const response = await fetch('/readyz?verbose', { signal: leaving.signal }).catch(() => undefined);
      if (!leaving.signal.aborted)
        setLines(
          response === undefined ? ['[-] gateway: does not answer'] : (await response.text()).trim().split('\n'),
        );
    };
    void read();
    const timer = setInterval(() => document.visibilityState === 'visible' && void read(), everyMs);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, []);
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
