import { styleText } from 'node:util';
import type { Env } from '@parley/runtime';

type Style = Parameters<typeof styleText>[0];

/** The output of a command. */
export interface Terminal {
  /** Writes what was asked for to standard output. */
  write(text: string): void;
  /** Writes a line beside it to standard error. */
  note(line: string): void;
  /** What is being waited for: a line of standard error that is gone with the next one, and never in a pipe. */
  status(text: string | undefined): void;
  /** Somebody watches standard output: text may be shown while it is written. */
  readonly isLive: boolean;
  readonly isColoured: boolean;
  paint(style: Style, text: string): string;
}

export interface Stream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Carriage return, and "erase in line" to its end. Source: ECMA-48 §8.3.41. */
const startOfLine = '\r\u001b[K';

/** NO_COLOR as no-color.org has it: set and not empty. A "dumb" terminal takes no control sequences at all. */
export function createTerminal(out: Stream, err: Stream, env: Env): Terminal {
  const isDumb = env.TERM === 'dumb';
  const isColoured = out.isTTY === true && !isDumb && !env.NO_COLOR;
  const hasStatus = err.isTTY === true && !isDumb;
  let status: string | undefined;
  let isInLine = false;
  const clear = (): void => {
    if (status !== undefined) err.write(startOfLine);
    status = undefined;
  };
  return {
    isLive: out.isTTY === true,
    isColoured,
    write(text) {
      clear();
      out.write(text);
      if (text !== '') isInLine = !text.endsWith('\n');
    },
    note(line) {
      clear();
      err.write(`${line}\n`);
    },
    status(text) {
      if (!hasStatus || text === status) return;
      clear();
      if (text === undefined) return;
      // Both are the same screen: the line that goes must not be one that stays.
      if (isInLine && out.isTTY === true) out.write('\n');
      isInLine = false;
      err.write(text.slice(0, (err.columns ?? 80) - 1));
      status = text;
    },
    paint: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** C0 and C1 controls but tab and line feed, and marks that change the direction of text. Source: Unicode 16 §23.1, UAX 9. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text of a model, a server or another user as a terminal may show it: what stands in it is not obeyed. */
export function harmless(text: string): string {
  return text.replace(controls, '');
}
