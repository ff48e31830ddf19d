import { type Command, jsonOf, wordsOf } from './command.ts';
import { exitCodes } from './exit-code.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

const intro = `# The command line

\`npm run parley -- COMMAND\` in a checkout, \`parley COMMAND\` where it is installed; alone it is \`up\`. \`--help\` behind any
command says the same as this page, which is made from the same table.

\`PARLEY_URL\` names the gateway, http://127.0.0.1:8080 without it, and \`PARLEY_API_KEY\` the key that is shown there.
What was asked for goes to standard output; what is said beside it, and every fault, to standard error. On a terminal
text is shown while it is written, what is waited for has a line of its own, and there are colours unless \`NO_COLOR\` is
set. In a pipe there is none of it. The text of models and of other users is printed without control sequences.

Every command that prints data takes \`-o table\`, \`json\` or \`yaml\`. \`table\` is for people and may change; \`json\` and
\`yaml\` are one document with the fields that are named below, to which others may be added and none is taken away
([docs/openapi.json](openapi.json) has the answers of the routes). Under them a fault is an object on standard error:
\`{type, title, detail, code, retryable}\` as in RFC 9457, and \`status\`, \`traceId\`, \`errors\` where a gateway answered.

\`eval "$(parley completion bash)"\` in \`~/.bashrc\`, \`source <(parley completion zsh)\` behind \`compinit\` in \`~/.zshrc\`, or
\`parley completion fish | source\` in \`config.fish\` completes
commands, flags and their values.
`;

/** docs/cli.md: every command with its flags, what -o json prints, and an example. */
export function manual(commands: readonly Command[]): string {
  const codes = Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`);
  const index = commands.map((command) => {
    const name = wordsOf(command).join(' ');
    return `| [\`${cell(command.path)}\`](#${name.replaceAll(' ', '-')}) | ${cell(command.summary)} |`;
  });
  return [
    intro,
    '| exit code | meaning |',
    '| --- | --- |',
    ...codes,
    '',
    '| command | what it does |',
    '| --- | --- |',
    ...index,
    ...commands.flatMap(section),
    '',
  ].join('\n');
}

function section(command: Command): string[] {
  const json = jsonOf(command);
  const flags = command.flags.map(({ flags: written, description, mandatory, argChoices }) => {
    const notes = [mandatory ? 'needed' : '', argChoices === undefined ? '' : argChoices.join(', ')].filter(Boolean);
    return `| \`${cell(written)}\` | ${cell(description)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`} |`;
  });
  return [
    '',
    `## ${wordsOf(command).join(' ')}`,
    '',
    `${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`,
    '',
    '```sh',
    `parley ${command.example}`,
    '```',
    ...(flags.length === 0 ? [] : ['', '| flag | meaning |', '| --- | --- |', ...flags]),
    ...(json === undefined ? [] : ['', `\`-o json\`: ${json}.`]),
  ];
}
