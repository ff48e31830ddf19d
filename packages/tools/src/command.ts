import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** False for a command that leaves a daemon behind: a daemon that inherits a pipe keeps it open for ever. */
  readonly isCaptured?: boolean;
}

export interface CommandResult {
  /** The exit code; -1 when the command could not be started or died of a signal. */
  readonly code: number;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

/** Runs a command to its end. Never rejects: how it failed is in the result. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const isCaptured = options.isCaptured ?? true;
  return new Promise((resolve) => {
    const pipe = isCaptured ? 'pipe' : 'ignore';
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', pipe, pipe],
      // Windows starts .cmd files through a shell only.
      shell: process.platform === 'win32' && file.endsWith('.cmd'),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on(isCaptured ? 'close' : 'exit', (code: number | null) => resolve({ code: code ?? -1, output }));
  });
}
