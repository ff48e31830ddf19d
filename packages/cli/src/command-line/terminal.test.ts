import { expect, test } from '@jest/globals';
import { createTerminal, harmless } from './terminal.ts';

/** A terminal whose two streams write into one text, as on a screen. */
function screen(isTTY: { out: boolean; err: boolean }, env: Record<string, string> = {}) {
  const written = { out: '', err: '', all: '' };
  const stream = (name: 'out' | 'err') => ({
    isTTY: isTTY[name],
    columns: 20,
    write(text: string) {
      written[name] += text;
      written.all += text;
    },
  });
  return { written, terminal: createTerminal(stream('out'), stream('err'), env) };
}
const both = { out: true, err: true };
const pipes = { out: false, err: false };

test.each([
  ['a terminal', both, {}, '\u001b[1mx\u001b[22m'],
  ['a pipe', pipes, {}, 'x'],
  ['NO_COLOR', both, { NO_COLOR: '1' }, 'x'],
  ['an empty NO_COLOR, which says nothing', both, { NO_COLOR: '' }, '\u001b[1mx\u001b[22m'],
  ['a dumb terminal', both, { TERM: 'dumb' }, 'x'],
])('%s has the colours it should', (_, isTTY, env, painted) => {
  expect(screen(isTTY, env).terminal.paint('bold', 'x')).toBe(painted);
});

test('what is waited for is one line of standard error, which goes when something is said', () => {
  const { written, terminal } = screen(both);
  terminal.status('Asking for something long …');
  terminal.write('done\n');
  terminal.status(undefined);
  expect(written).toMatchObject({ out: 'done\n', err: 'Asking for somethin\r\u001b[K' });
});

test('a status in the middle of a line begins a new one, so that its going takes nothing away', () => {
  const { written, terminal } = screen(both);
  terminal.write('half a');
  terminal.status('away');
  terminal.write('half a line\n');
  expect(written.all).toBe('half a\naway\r\u001b[Khalf a line\n');
});

test.each([
  ['in a pipe', { out: true, err: false }, {}],
  ['on a dumb terminal', both, { TERM: 'dumb' }],
])('nobody hears of waiting %s', (_, isTTY, env) => {
  const { written, terminal } = screen(isTTY, env);
  terminal.status('waiting');
  terminal.note('a fault');
  expect(written.err).toBe('a fault\n');
});

test('text from elsewhere keeps its letters, tabs and lines, and nothing that a terminal obeys', () => {
  expect(harmless('a\tb\n茶 🍵\u001b[31m\u0007\u009b1m\u202e\r!')).toBe('a\tb\n茶 🍵[31m1m!');
});
