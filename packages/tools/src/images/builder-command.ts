import type { CommandResult } from '../command.ts';
import { unavailable } from './unavailable.ts';

/** What a command of an image builder says. Rejects with it where the command fails. */
export async function must(done: Promise<CommandResult>): Promise<string> {
  const { code, output } = await done;
  if (code === 0) return output;
  throw unavailable(`The image builder ended with ${code}:\n${output.trim().slice(-3_000)}`);
}
