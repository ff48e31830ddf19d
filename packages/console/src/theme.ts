const name = 'parley-theme';
export type Theme = 'light' | 'dark';

const systems = (): Theme => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

export function theme(): Theme {
  const chosen = localStorage.getItem(name);
  return chosen === 'light' || chosen === 'dark' ? chosen : systems();
}

/** Follows the system until somebody chooses, and again once the choice is the system's. */
export function chooseTheme(chosen: Theme): void {
  if (chosen === systems()) localStorage.removeItem(name);
  else localStorage.setItem(name, chosen);
  applyTheme();
}

export function applyTheme(): void {
  const chosen = localStorage.getItem(name);
  if (chosen === null) document.documentElement.removeAttribute('data-theme');
  else document.documentElement.dataset.theme = chosen;
}
