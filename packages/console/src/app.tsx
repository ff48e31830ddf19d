import { useEffect, useRef, useState } from 'preact/hooks';
import { apiKey } from './api.ts';
import { DebatePage } from './pages/debate.tsx';
import { DebatesPage } from './pages/debates.tsx';
import { KeyPage } from './pages/key.tsx';
import { NewDebatePage } from './pages/new-debate.tsx';
import { ObjectivesPage } from './pages/objectives.tsx';
import { SystemPage } from './pages/system.tsx';
import { UsagePage } from './pages/usage.tsx';
import { Masthead } from './parts/masthead.tsx';
import { Empty } from './parts/notice.tsx';
import { paths, type Route, routeOf } from './route.ts';

const titles: Readonly<Record<string, string>> = {
  debates: 'Debates',
  new: 'New debate',
  usage: 'Usage',
  objectives: 'Objectives',
  system: 'System',
};

export function App() {
  const [hash, setHash] = useState(location.hash);
  const [isKeyWanted, setKeyWanted] = useState(false);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const route = routeOf(hash);
  const place = `${route.page}/${route.id ?? ''}`;

  useEffect(() => {
    const onHash = () => setHash(location.hash);
    addEventListener('hashchange', onHash);
    return () => removeEventListener('hashchange', onHash);
  }, []);
  useEffect(() => apiKey.onWanted(() => setKeyWanted(true)), []);
  useEffect(() => {
    document.title = `${titles[route.page] ?? 'Not found'} · Parley`;
    if (isFirst.current) isFirst.current = false;
    else {
      scrollTo(0, 0);
      main.current?.focus();
    }
  }, [place]);

  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <Masthead page={route.page} />
      <main ref={main} tabIndex={-1}>
        {isKeyWanted ? <KeyPage onKey={() => setKeyWanted(false)} /> : <Page key={place} route={route} />}
      </main>
    </>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'debates':
      return route.id === undefined ? <DebatesPage query={route.query} /> : <DebatePage id={route.id} />;
    case 'new':
      return <NewDebatePage like={route.query.get('like') ?? undefined} />;
    case 'usage':
      return <UsagePage />;
    case 'objectives':
      return <ObjectivesPage />;
    case 'system':
      return <SystemPage />;
    default:
      return (
        <Empty title="There is nothing here">
          <p>
            The address names no page. <a href={paths.debates}>See the debates.</a>
          </p>
        </Empty>
      );
  }
}
