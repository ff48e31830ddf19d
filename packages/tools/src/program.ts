import { isParleyError } from '@parley/contracts';

/** A command line that is not understood: its message is shown, and the program ends with 2. */
export class UsageError extends Error {}

/** The number that --port names; undefined without one. */
export function portFlag(text: string | undefined, highest = 65_535): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= highest) return port;
  throw new UsageError(`--port is "${text}", expected 1..${highest}.`);
}

/** Progress goes to standard error, so that standard output holds the answer alone. */
export const sayOnStderr = (line: string): void => console.error(line);

/** Runs a program to its exit code. What its user can mend is one line, anything else is a bug and keeps its trace. */
export async function runProgram(main: (args: string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (thrown) {
    const isParsing = (thrown as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ?? false;
    const isUsage = isParsing || thrown instanceof UsageError;
    if (!isUsage && !isParleyError(thrown)) throw thrown;
    console.error((thrown as Error).message);
    process.exitCode = isUsage ? 2 : 1;
  }
}
