import type { Env } from '@parley/runtime';
import { InvalidArgumentError, Option } from 'commander';
import { type OperationId, operations } from './operations.ts';
import type { Terminal } from './terminal.ts';

/** One call of a command. */
export interface Call<Flags = object> {
  /** What stands where the command's path has <…>. */
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly env: Env;
  readonly terminal: Terminal;
  /** Command by which this program is called here, for commands that people are told to copy. */
  readonly self: string;
  /** The data as --output asks for it; `table` is for people. */
  print(data: unknown, table: () => string): void;
}

/** Everything that there is to know about a command: the parser, the help, the manual and the completion read this. */
export interface Command<Flags = object> {
  /** Its words and then its arguments, such as "debate show <id>". */
  readonly path: string;
  /** Its last word in the release before this one; understood, and shown by no help. */
  readonly formerWord?: string;
  readonly summary: string;
  readonly flags: readonly Option[];
  /** Operation of the gateway whose answer -o json prints. */
  readonly answers?: OperationId;
  /** What -o json prints instead, or what is to be said beside; a command with neither takes no -o. */
  readonly json?: string;
  /** What one would write after the program's name. */
  readonly example: string;
  /** Resolves to the exit code. */
  run(call: Call<Flags>): Promise<number>;
}

/** Commands that stand together in the help. */
export interface Area {
  readonly title: string;
  readonly commands: readonly Command[];
}

/** A command in a row with commands that have other flags. The parser gives each its own. */
export function command<Flags = object>(definition: Command<Flags>): Command {
  return definition as unknown as Command;
}

/** The words of a command's path, without its arguments. */
export function wordsOf({ path }: Pick<Command, 'path'>): string[] {
  return path.split(' ').filter((word) => !/^[<[]/.test(word));
}

/** What -o json prints, in words; undefined for a command that prints no data. */
export function jsonOf({ answers, json }: Pick<Command, 'answers' | 'json'>): string | undefined {
  const answer = answers && `the answer of \`${operations[answers]}\``;
  return answer && json ? `${answer}; ${json}` : (answer ?? json);
}

export function flag(flags: string, description: string, parse?: (text: string) => unknown): Option {
  const option = new Option(flags, description);
  return parse === undefined ? option : option.argParser(parse);
}

export function whole(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`${text} is not a whole number from ${min} to ${max}.`);
  };
}

export function number(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`${text} is not a number from ${min} to ${max}.`);
  };
}
