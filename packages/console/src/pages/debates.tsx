import type { DebateSummary } from '@parley/contracts/debate';
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
/** What the gateway is asked for; it looks at all debates, not only at those that are here. */
const kinds = {
  all: {},
  running: { status: 'accepted,debating,paused,judging' },
  paused: { status: 'paused' },
  over: { status: 'closed,cancelled,failed' },
  contested: { outcome: 'contested' },
  parked: { status: 'parked' },
} as const satisfies Record<string, Record<string, string>>;
type Kind = keyof typeof kinds;

/** Pause after the last letter that somebody types. */
const typingMs = 250;

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), typingMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** All debates, newest first. */
export function DebatesPage({ query }: { query: URLSearchParams }) {
  const [read, setRead] = useState<{ readonly path: string; readonly pages: readonly Page[] }>();
  const [error, setError] = useState<ApiError>();
  const [text, setText] = useState('');
  const asked = query.get('show');
  const kind: Kind = asked !== null && Object.hasOwn(kinds, asked) ? (asked as Kind) : 'all';

  const wanted = useSettled(text.trim());
  const only: Record<string, string> = { ...kinds[kind], ...(wanted === '' ? {} : { topic: wanted }) };
  const path = `/v1/debates?${new URLSearchParams({ limit: String(pageSize), ...only })}`;

  useEffect(() => {
    const leaving = new AbortController();
    const look = () =>
      get<Page>(path, leaving.signal).then(
        (first) => {
          setError(undefined);
          setRead((before) => ({ path, pages: [first, ...(before?.path === path ? before.pages.slice(1) : [])] }));
        },
        (thrown: unknown) => {
          if (!leaving.signal.aborted && thrown instanceof ApiError) setError(thrown);
        },
      );
    void look();
    const timer = setInterval(() => document.visibilityState === 'visible' && void look(), everyMs);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [path]);

  /** Whether the debates shown are those now asked for; until they are there, those before stay. */
  const isCurrent = read?.path === path;
  const next = isCurrent ? (read.pages.at(-1)?.next ?? null) : null;
  const more = async () => {
    try {
      const page = await get<Page>(`${path}&cursor=${next}`);
      // Somebody may have asked for others meanwhile.
      setRead((before) => (before?.path === path ? { path, pages: [...before.pages, page] } : before));
    } catch (thrown) {
      if (thrown instanceof ApiError) setError(thrown);
    }
  };

  // A debate that came since the second page was read moves others from the first page to it: each is shown once.
  const shown = [...new Map((read?.pages ?? []).flatMap((page) => page.debates).map((one) => [one.id, one])).values()];
  if (isCurrent && shown.length === 0 && kind === 'all' && wanted === '' && text === '') return <NoDebates />;
  return (
    <section>
      <h1>Debates</h1>
      <Fault error={error} />
      <div class="filters">
        <label class="field">
          <span>Topic</span>
          <input type="search" value={text} maxLength={200} onInput={(event) => setText(event.currentTarget.value)} />
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
      {isCurrent && shown.length === 0 ? <p class="muted">No debate is like that.</p> : null}
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
