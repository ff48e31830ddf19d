import type { DeadLetterDetail, DeadLetterPage, DeadLetterView } from '@parley/contracts/http';
import { useState } from 'preact/hooks';
import { useResource } from '../use-resource.ts';
import { timeOf } from '../words.ts';
import { Act } from './act.tsx';
import { Command, Fault } from './notice.tsx';

const path = '/v1/dead-letters';
const pageSize = 20;

/** What no service could read, each with what it was; what is whole can be sent again. */
export function DeadLetters({ everyMs }: { everyMs: number }) {
  /** Cursors of the pages before this one, the first page without one. */
  const [trail, setTrail] = useState<readonly string[]>([]);
  const cursor = trail.at(-1);
  const at = `${path}?limit=${pageSize}${cursor === undefined ? '' : `&cursor=${cursor}`}`;
  const { data, error, reload } = useResource<DeadLetterPage>(at, everyMs);
  return (
    <>
      <h2>Dead letters</h2>
      <Fault error={error} />
      {data === undefined ? null : data.letters.length === 0 ? <None /> : null}
      <ul class="set-aside">
        {data?.letters.map((letter) => (
          <Letter key={letter.id} letter={letter} onDone={reload} />
        ))}
      </ul>
      <div class="actions">
        {cursor === undefined ? null : (
          <button type="button" class="quiet" onClick={() => setTrail(trail.slice(0, -1))}>
            Newer letters
          </button>
        )}
        {data === undefined || data.next === null ? null : (
          <button type="button" class="quiet" onClick={() => setTrail([...trail, data.next ?? ''])}>
            Older letters
          </button>
        )}
      </div>
    </>
  );
}

function None() {
  return (
    <>
      <p class="muted">Every message could be read. On Kafka, an operator sees those of all tenants with:</p>
      <Command>npm run parley -- dlq list</Command>
    </>
  );
}

function Letter({ letter, onDone }: { letter: DeadLetterView; onDone: () => void }) {
  const { id, service, topic, reason, at, stuck, replayedAt } = letter;
  return (
    <li>
      <h3>{letter.letter}</h3>
      <p class="about">
        <span>{service}</span>
        <span>could not read it from {topic}</span>
        <time dateTime={at}>{timeOf(at)}</time>
        {replayedAt === null ? null : <span>sent again {timeOf(replayedAt)}</span>}
      </p>
      <p>{reason}</p>
      {stuck === null ? (
        <Act path={`${path}/${id}/replay`} what="Send it again" about={letter.letter} onDone={onDone} />
      ) : (
        <p class="muted">It cannot be sent again: {stuck}.</p>
      )}
      <Original id={id} />
    </li>
  );
}

function Original({ id }: { id: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="curl" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What it was</summary>
      {isOpen ? <Text id={id} /> : null}
    </details>
  );
}

function Text({ id }: { id: string }) {
  const { data, error } = useResource<DeadLetterDetail>(`${path}/${id}`);
  return (
    <>
      <Fault error={error} />
      {data === undefined ? null : <Command>{indented(data.original)}</Command>}
    </>
  );
}

/** What was cut is no JSON any more. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
