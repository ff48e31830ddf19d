import { ParleyError } from '@parley/contracts/error.ts';
import { type Command, command } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { placesOf } from './vocabulary.ts';
import { zshCompletion } from './zsh.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
const shells = Object.keys(scripts);

/** `parley completion bash|zsh|fish`, of the table that it is itself in. */
export function completionCommand(all: () => readonly Command[], groups: Readonly<Record<string, string>>): Command {
  return command({
    path: `completion <${shells.join('|')}>`,
    summary: 'a script that teaches a shell the commands and flags',
    flags: [],
    example: 'completion bash',
    async run({ args: [shell = ''], terminal }) {
      const script = Object.entries(scripts).find(([name]) => name === shell)?.[1];
      if (script === undefined)
        throw new ParleyError(
          'BAD_REQUEST',
          `There is no completion for "${shell}"; there is for ${shells.join(', ')}.`,
        );
      terminal.write(script(placesOf(all(), groups)));
      return exitCodes.ok.code;
    },
  });
}
