import type { DebateSummary } from '@parley/contracts';
import { useEffect, useState } from 'preact/hooks';
import { ApiError, get } from '../api.ts';
import { Command, Fault } from '../parts/notice.tsx';
import { Status } from '../parts/status.tsx';
import { paths } from '../route.ts';
import { plural, timeOf, verdictSentence } from '../words.ts';

interface Page {
  readonly debates: readonly DebateSummary[];
  readonly next: string | null;
}

const pageSize = 50;
const everyMs = 4_000;
const kinds = {
  all: () => true,
  running: ({ closedAt, status }) => closedAt === null && status !== 'parked',
  paused: ({ status }) => status === 'paused',
  over: ({ closedAt }) => closedAt !== null,
  contested: ({ verdict }) => verdict?.outcome === 'contested',
  parked: ({ status }) => status === 'parked',
} satisfies Record<string, (debate: DebateSummary) => boolean>;
type Kind = keyof typeof kinds;

/** All debates, newest first. */
export function DebatesPage({ query }: { query: URLSearchParams }) {
  const [pages, setPages] = useState<readonly Page[]>();
  const [error, setError] = useState<ApiError>();
  const [text, setText] = useState('');
  const asked = query.get('show');
  const kind: Kind = asked !== null && Object.hasOwn(kinds, asked) ? (asked as Kind) : 'all';

  useEffect(() => {
    const leaving = new AbortController();
    const read = () =>
      get<Page>(`/v1/debates?limit=${pageSize}`, leaving.signal).then(
        (first) => {
          setError(undefined);
          setPages((before) => [first, ...(before ?? []).slice(1)]);
        },
        (thrown: unknown) => {
          if (!leaving.signal.aborted && thrown instanceof ApiError) setError(thrown);
        },
      );
    void read();
    const timer = setInterval(() => document.visibilityState === 'visible' && void read(), everyMs);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, []);

  const next = pages?.at(-1)?.next ?? null;
  const more = async () => {
    try {
      const page = await get<Page>(`/v1/debates?limit=${pageSize}&cursor=${next}`);
      setPages((before) => [...(before ?? []), page]);
    } catch (thrown) {
      if (thrown instanceof ApiError) setError(thrown);
    }
  };

  // A debate that came since the second page was read moves others from the first page to it: each is shown once.
  const all = [...new Map((pages ?? []).flatMap((page) => page.debates).map((one) => [one.id, one])).values()];
  const wanted = text.trim().toLowerCase();
  const shown = all.filter((one) => kinds[kind](one) && one.topic.toLowerCase().includes(wanted));
  if (pages !== undefined && all.length === 0) return <NoDebates />;
  return (
    <section>
      <h1>Debates</h1>
      <Fault error={error} />
      <div class="filters">
        <label class="field">
          <span>Topic</span>
          <input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <nav aria-label="Which debates" class="chips">
          {Object.keys(kinds).map((name) => (
            <a key={name} href={`#/debates?show=${name}`} aria-current={name === kind ? 'true' : undefined}>
              {name}
            </a>
          ))}
        </nav>
      </div>
      <ul class="debates">
        {shown.map((debate) => (
          <li key={debate.id}>
            <a href={paths.debate(debate.id)}>
              <span class="topic">{debate.topic}</span>
              <span class="about">
                <Status status={debate.status} />
                {debate.verdict === null ? null : <span>{verdictSentence(debate.verdict)}</span>}
                <span>up to {plural(debate.maxRounds, 'round')}</span>
                <time dateTime={debate.createdAt}>{timeOf(debate.createdAt)}</time>
              </span>
            </a>
          </li>
        ))}
      </ul>
      {pages !== undefined && shown.length === 0 ? <p class="muted">None of these {all.length} debates.</p> : null}
      {next === null ? null : (
        <button type="button" class="quiet" onClick={() => void more()}>
          Older debates
        </button>
      )}
    </section>
  );
}

function NoDebates() {
  return (
    <section class="empty">
      <h1>Nobody has debated yet</h1>
      <p>Two sides, a moderator, a judge who does not know who is who. Give them a topic.</p>
      <p>
        <a class="button" href={paths.start}>
          Start the first debate
        </a>
      </p>
      <p>Or in a shell:</p>
      <Command>{`curl ${location.origin}/v1/debates -H 'content-type: application/json' \\\n  -d '{"topic": "Should cities ban private cars?"}'`}</Command>
    </section>
  );
}
