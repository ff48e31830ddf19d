import type { RunView } from '@parley/contracts/run';
import { withGateway } from '../command-line/client.ts';
import { columns } from '../command-line/columns.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { harmless } from '../command-line/terminal.ts';

/** `parley agent list`. */
export async function listCommand(call: Call): Promise<number> {
  const page = await withGateway(call, (parley) => parley.agents.list());
  call.print(page, () => {
    const rows = page.agents.map(({ name, description, tools }) => [
      name,
      tools.map((tool) => tool.name).join(', '),
      description,
    ]);
    return columns([['agent', 'tools', 'what it does'], ...rows]);
  });
  return exitCodes.ok.code;
}

/** `parley run show <id>`. */
export async function showCommand(call: Call): Promise<number> {
  const view = await withGateway(call, (parley) => parley.runs.get(call.args[0] ?? ''));
  call.print(view, () => harmless(pageOf(view, call.self)));
  return exitCodes.ok.code;
}

function pageOf({ id, agent, status, input, answer, reason, questions, usage }: RunView, self: string): string {
  return [
    `Run ${id} of ${agent}: ${status}`,
    `${usage.inputTokens} + ${usage.outputTokens} tokens (in + out)`,
    `> ${input}`,
    ...(answer === null ? [] : [answer]),
    ...(reason === null ? [] : [reason]),
    ...questions.flatMap(({ text }) => [`? ${text}`, `  ${self} run answer ${id} "…"`]),
  ].join('\n');
}
