import { useState } from 'preact/hooks';
import { paths } from '../route.ts';
import { chooseTheme, theme } from '../theme.ts';

const links = [
  ['debates', paths.debates, 'Debates'],
  ['usage', paths.usage, 'Usage'],
  ['objectives', paths.objectives, 'Objectives'],
  ['system', paths.system, 'System'],
] as const;

export function Masthead({ page }: { page: string }) {
  const [now, setNow] = useState(theme());
  const other = now === 'dark' ? 'light' : 'dark';
  const change = () => {
    chooseTheme(other);
    setNow(theme());
  };
  return (
    <header class="masthead">
      <a class="wordmark" href={paths.debates}>
        Parley
      </a>
      <nav aria-label="Pages">
        {links.map(([name, href, text]) => (
          <a key={name} href={href} aria-current={name === page ? 'page' : undefined}>
            {text}
          </a>
        ))}
      </nav>
      <div class="masthead-end">
        <button type="button" class="quiet" onClick={change} aria-label={`Switch to ${other} colours`}>
          {other === 'dark' ? 'Dark' : 'Light'}
        </button>
        <a class="button" href={paths.start}>
          New debate
        </a>
      </div>
    </header>
  );
}
