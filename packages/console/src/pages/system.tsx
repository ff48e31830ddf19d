import type { SystemView } from '@parley/contracts/http';
import { useEffect, useState } from 'preact/hooks';
import { Curl } from '../parts/curl.tsx';
import { DeadLetters } from '../parts/dead-letters.tsx';
import { Fault } from '../parts/notice.tsx';
import { Parked } from '../parts/parked.tsx';
import { Services } from '../parts/services.tsx';
import { useResource } from '../use-resource.ts';

const path = '/v1/system';
const everyMs = 5_000;

/** Whether everything is there that must be, how the services do, what was set aside and what could not be read. */
export function SystemPage() {
  const { data, error } = useResource<SystemView>(path, everyMs);
  const ready = useText('/readyz?verbose');
  return (
    <section>
      <h1>System</h1>
      <Checks lines={ready === undefined ? [] : ready.trim().split('\n')} />
      <h2>Services</h2>
      <Fault error={error} />
      {data === undefined ? null : <Services view={data} />}
      <Curl path={path} what="Read them" />
      <Parked everyMs={everyMs} />
      {error?.status === 403 ? null : <DeadLetters everyMs={everyMs} />}
    </section>
  );
}

/** What stands at a place that answers with text, read again and again; also what it says with a 503. */
function useText(at: string): string | undefined {
  const [text, setText] = useState<string>();
  useEffect(() => {
    const leaving = new AbortController();
    const read = () =>
      fetch(at, { signal: leaving.signal })
        .then((response) => response.text())
        .catch(() => '[-] gateway: does not answer')
        .then((now) => leaving.signal.aborted || setText(now));
    void read();
    const timer = setInterval(() => document.visibilityState === 'visible' && void read(), everyMs);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [at]);
  return text;
}

function Checks({ lines }: { lines: readonly string[] }) {
  return (
    <ul class="checks">
      {lines.map((line) => {
        const [, sign, name, detail] = /^\[([+!-])\] ([^:]+): (.*)$/.exec(line) ?? [];
        if (name === undefined) return null;
        return (
          <li key={name} class={sign === '+' ? 'is-good' : 'is-bad'}>
            <strong>{name}</strong> <span>{detail}</span>
            <span class="visually-hidden">{sign === '+' ? 'good' : sign === '!' ? 'to look at' : 'bad'}</span>
          </li>
        );
      })}
    </ul>
  );
}
