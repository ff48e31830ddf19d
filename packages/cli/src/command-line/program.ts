import { Command as Parser } from 'commander';
import { type Area, type Command, flag, jsonOf, wordsOf } from './command.ts';
import { exitCodes } from './exit-code.ts';
import { formats } from './output.ts';

export interface ProgramOptions {
  readonly areas: readonly Area[];
  /** What the first words of commands with two words are about. */
  readonly groups: Readonly<Record<string, string>>;
  readonly version: string;
  /** Command by which this program is called here. */
  readonly self: string;
  write(text: string): void;
  onCommand(command: Command, args: readonly string[], flags: object): Promise<void>;
}

/** -o, of all commands that print data. */
export function outputFlag() {
  return flag('-o, --output <format>', 'how it is printed').choices(formats).default('table');
}

/** The flags of a command, with -o where it prints data. */
export function flagsOf(command: Command) {
  const { flags } = command;
  return jsonOf(command) === undefined ? flags : [...flags, outputFlag()];
}

/** The parser of a table of commands. Parsing rejects with a CommanderError for what is not in the table. */
export function createProgram({ areas, groups, version, self, write, onCommand }: ProgramOptions): Parser {
  const program = new Parser(self)
    .description('Agents as services: debates that survive everything.')
    .version(version)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {}, outputError: () => {} })
    .addHelpText('after', `\n${rootHelp(self)}`);
  const parents = new Map<string, Parser>();
  const all = areas.flatMap(({ title, commands }) => commands.map((command) => ({ title, command })));
  for (const { title, command } of all) {
    const words = wordsOf(command);
    const group = words.length > 1 ? (words[0] ?? '') : undefined;
    if (group !== undefined && !parents.has(group))
      parents.set(
        group,
        program
          .command(group)
          .description(groups[group] ?? '')
          .helpCommand(false)
          .helpGroup(`${title}:`),
      );
    const parser = (group === undefined ? program : (parents.get(group) ?? program)).command(
      command.path
        .split(' ')
        .slice(words.length - 1)
        .join(' '),
    );
    const json = jsonOf(command);
    const printed = json === undefined ? '' : `\nWith -o json:\n  ${json}\n`;
    parser.description(command.summary).addHelpText('after', `${printed}\nExample:\n  ${self} ${command.example}`);
    if (command.formerWord !== undefined) parser.alias(command.formerWord);
    if (group === undefined) parser.helpGroup(`${title}:`);
    for (const option of flagsOf(command)) parser.addOption(option);
    // Commander calls with the arguments, then the flags, then itself.
    parser.action((...given: unknown[]) =>
      onCommand(command, given.slice(0, -2).flat() as string[], given.at(-2) as object),
    );
  }
  return program;
}

function rootHelp(self: string): string {
  const codes = Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padEnd(5)}${meaning}`);
  return [
    'Exit codes:',
    ...codes,
    '',
    'Environment:',
    '  PARLEY_URL      the gateway that commands talk to; http://127.0.0.1:8080 without it',
    '  PARLEY_API_KEY  the key that they show there',
    '  NO_COLOR        no colours',
    '',
    'Examples:',
    `  ${self} doctor`,
    `  ${self} debate start "Should cities ban private cars?" --rounds 4 --follow`,
  ].join('\n');
}
