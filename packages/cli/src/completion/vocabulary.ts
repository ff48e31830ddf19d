import type { Option } from 'commander';
import { type Command, wordsOf } from '../command-line/command.ts';
import { flagsOf } from '../command-line/program.ts';

/** A word that may come next. */
export interface Word {
  readonly text: string;
  readonly about: string;
}

/** A flag that takes a value: the values that there are, or a file; otherwise nobody can know. */
export interface ValueFlag {
  readonly names: readonly string[];
  readonly about: string;
  readonly values: readonly string[] | 'file' | 'anything';
}

/** What may be written at one place: after the program's name, after a group's name, after a command. */
export interface Place {
  /** The words before it, without the program's name. */
  readonly path: readonly string[];
  readonly words: readonly Word[];
  /** Flags without a value. */
  readonly switches: readonly Word[];
  readonly valueFlags: readonly ValueFlag[];
}

const help: Word = { text: '--help', about: 'display help for command' };

/** All places of a table of commands, for the scripts of the shells. */
export function placesOf(commands: readonly Command[], groups: Readonly<Record<string, string>>): Place[] {
  const heads = commands.map((command) => ({ command, words: wordsOf(command) }));
  const alone = heads.filter(({ words }) => words.length === 1);
  const top: Place = {
    path: [],
    words: [
      ...alone.map(({ command, words }) => ({ text: words[0] ?? '', about: command.summary })),
      ...Object.entries(groups).map(([text, about]) => ({ text, about })),
    ],
    switches: [help, { text: '--version', about: 'display the version' }],
    valueFlags: [],
  };
  const ofGroups = Object.keys(groups).map((group): Place => {
    const members = heads.filter(({ words }) => words.length > 1 && words[0] === group);
    const words = members.map(({ command, words: [, text = ''] }) => ({ text, about: command.summary }));
    return { path: [group], words, switches: [help], valueFlags: [] };
  });
  const ofCommands = heads.map(({ command, words }): Place => {
    const flags = flagsOf(command);
    const isSwitch = (flag: Option) => !flag.required && !flag.optional;
    const named = (flag: Option) => [flag.short, flag.long].filter((name) => name !== undefined);
    return {
      path: words,
      // <bash|zsh|fish> stands for its words.
      words: [...command.path.matchAll(/<(\w+(?:\|\w+)+)>/g)].flatMap(([, choices = '']) =>
        choices.split('|').map((text) => ({ text, about: text })),
      ),
      switches: [
        ...flags.filter(isSwitch).map(({ long, description }) => ({ text: long ?? '', about: description })),
        help,
      ],
      valueFlags: flags
        .filter((flag) => !isSwitch(flag))
        .map((flag) => ({
          names: named(flag),
          about: flag.description,
          values: flag.argChoices ?? (/<(file|folder)/.test(flag.flags) ? 'file' : 'anything'),
        })),
    };
  });
  return [top, ...ofGroups, ...ofCommands];
}

/** The names of all flags that may be written at a place. */
export function flagNames({ switches, valueFlags }: Place): string[] {
  return [...switches.map(({ text }) => text), ...valueFlags.flatMap(({ names }) => names)];
}
