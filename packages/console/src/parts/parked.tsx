import type { ParkedPage, ParkedView } from '@parley/contracts/http';
import { useResource } from '../use-resource.ts';
import { plural, timeOf } from '../words.ts';
import { Act } from './act.tsx';
import { Curl } from './curl.tsx';
import { Fault } from './notice.tsx';

const path = '/v1/parked';

/** What was set aside, each with another try. */
export function Parked({ everyMs }: { everyMs: number }) {
  const { data, error, reload } = useResource<ParkedPage>(path, everyMs);
  return (
    <>
      <h2>Set aside</h2>
      <Fault error={error} />
      {data === undefined ? null : data.parked.length === 0 ? (
        <p class="muted">No stream is set aside. One is when its service trips over an input; all others go on.</p>
      ) : (
        <>
          <p class="muted">{plural(data.parked.length, 'stream')}. Mend the cause before another try.</p>
          <ul class="set-aside">
            {data.parked.map((one) => (
              <Stream key={one.id} one={one} onDone={reload} />
            ))}
          </ul>
        </>
      )}
      <Curl path={path} what="Read them" />
    </>
  );
}

function Stream({ one, onDone }: { one: ParkedView; onDone: () => void }) {
  const { id, service, kind, stream, input, reason, at, askedAt } = one;
  return (
    <li>
      <h3>
        {kind} {stream}
      </h3>
      <p class="about">
        <span>{service}</span>
        <span>could not take {input}</span>
        <time dateTime={at}>{timeOf(at)}</time>
        {askedAt === null ? null : <span>asked for another try {timeOf(askedAt)}</span>}
      </p>
      <p>{reason}</p>
      <Act path={`${path}/${id}/unpark`} what="Give it another try" about={`${kind} ${stream}`} onDone={onDone} />
    </li>
  );
}
