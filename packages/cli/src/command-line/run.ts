import { isParleyError, messageOf, ParleyError } from '@parley/contracts/error.ts';
import type { Env } from '@parley/runtime';
import { CommanderError } from 'commander';
import { type Area, wordsOf } from './command.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { type Format, faultView, formatOf, rendered } from './output.ts';
import { createProgram, type ProgramOptions } from './program.ts';
import { harmless, type Terminal } from './terminal.ts';

export interface RunOptions extends Pick<ProgramOptions, 'areas' | 'groups' | 'version'> {
  /** Arguments without the runtime and the script. */
  readonly argv: readonly string[];
  readonly env: Env;
  readonly terminal: Terminal;
}

/** Runs what a command line says. Resolves to the exit code; what goes wrong is said on standard error. */
export async function run({ argv, env, terminal, ...rest }: RunOptions): Promise<number> {
  const self = selfOf(env);
  let code: number = exitCodes.ok.code;
  const program = createProgram({
    ...rest,
    self,
    write: terminal.write,
    async onCommand(command, args, flags) {
      const { output = 'table' } = flags as { output?: Format };
      const print = (data: unknown, table: () => string) => terminal.write(`${rendered(output, data, table)}\n`);
      code = await command.run({ args, flags, env, terminal, self, print });
    },
  });
  // Alone, or with nothing but flags, it starts everything.
  const isBare = argv.every((word, at) => at > 0 || (word.startsWith('-') && !/^(-h|--help|-V|--version)$/.test(word)));
  try {
    await program.parseAsync(isBare ? ['up', ...argv] : [...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.ok.code;
    const fault = thrown instanceof CommanderError ? usageFault(thrown, argv, rest.areas, self) : thrown;
    terminal.status(undefined);
    const format = formatOf(argv);
    terminal.note(format === 'table' ? sentence(fault) : rendered(format, faultView(fault), String));
    return exitCodeOf(fault);
  }
}

/** Command that calls this program: under npm's scripts and npx another one than on PATH. */
export function selfOf({ npm_lifecycle_event: script }: Env): string {
  if (script === 'npx') return 'npx parley';
  return script === undefined ? 'parley' : 'npm run parley --';
}

/** What the parser refused, and where it says what there is. */
function usageFault(
  thrown: CommanderError,
  argv: readonly string[],
  areas: readonly Area[],
  self: string,
): ParleyError {
  const isPrefix = (words: readonly string[]) => words.every((word, at) => argv[at] === word);
  const known = areas
    .flatMap(({ commands }) => commands)
    .flatMap((command) => wordsOf(command).map((_, n, words) => words.slice(0, n + 1)));
  const path = known.filter(isPrefix).sort((a, b) => b.length - a.length)[0] ?? [];
  // A command of which only the group was named has its help as the message.
  const what = thrown.code === 'commander.help' ? `"${path.join(' ')}" is followed by another word.` : thrown.message;
  const help = [self, ...path, '--help'].join(' ');
  const [said = '', guess] = what.replace(/^error: /, '').split(/\n\(Did you mean (.*)\?\)/s);
  const text = `${said.replace(/\.$/, '')}.${guess === undefined ? '' : ` Did you mean "${guess}"?`}`;
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return new ParleyError('BAD_REQUEST', `${capital}\n"${help}" shows what there is.`);
}

function sentence(thrown: unknown): string {
  if (isParleyError(thrown)) return harmless(thrown.message);
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown);
}
