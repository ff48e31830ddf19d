// npm run gen: writes the pages under docs/ that are made from code, and what Prometheus is given of slo/ and of the
// services. CI fails when one of them is stale.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientEnv } from '@parley/cli/command-line/client.ts';
import { upEnv } from '@parley/cli/config.ts';
import { keysEnv } from '@parley/cli/operating/keys.ts';
import { migrateEnv } from '@parley/cli/operating/migrate-command.ts';
import { topicsEnv } from '@parley/cli/operating/topics.ts';
import { modules } from '@parley/cli/services.ts';
import { asyncApiDocument, messageTypes, topics } from '@parley/contracts';
import { generateDashboards } from '@parley/dashboards';
import { openApiDocument } from '@parley/gateway/openapi.ts';
import type { ServiceModule } from '@parley/runtime';
import { generateRules, readSloFolder } from '@parley/slo';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
const note = '<!-- Made by `npm run gen`; edit the source it names. -->\n\n';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

interface Environment {
  readonly title: string;
  readonly shape: Readonly<Record<string, { readonly description?: string | undefined }>>;
}
/** Services of one image: they read the same. */
const sharing = ({ image }: ServiceModule) => modules.filter((module) => module.image === image);
function environmentOf(module: ServiceModule): Environment {
  const names = sharing(module).map(({ name }) => (name === module.name ? `npm run service -- ${name}` : name));
  const given = Object.keys(module.startEnv ?? {}).map((setting) => `; \`${setting}\` is set by it`);
  return { title: `${names.map((name) => `\`${name}\``).join(', ')}${given.join('')}`, shape: module.env.shape };
}
const environments: readonly Environment[] = [
  { title: '`npm start`: everything in one process; flags win', shape: upEnv.shape },
  ...modules.filter((module) => sharing(module)[0] === module).map(environmentOf),
  { title: '`npm run migrate`', shape: migrateEnv.shape },
  { title: '`npm run parley -- keys`, `audit`, `dlq replay`', shape: keysEnv.shape },
  { title: '`npm run topics`', shape: topicsEnv.shape },
  { title: '`npm run parley -- debate`, `replay`, `agents`, `usage`, `slo`, `mcp`, `doctor`', shape: clientEnv.shape },
];
const seen = new Map<string, string>();
const sections = environments.map(({ title, shape }) => {
  const known = Object.entries(shape).filter(([name, { description }]) => seen.get(name) === description);
  const own = Object.entries(shape).filter(([name, { description }]) => seen.get(name) !== description);
  for (const [name, { description = '' }] of own) seen.set(name, description);
  const rows = own.map(([name, { description = '' }]) => [`\`${name}\``, description]);
  const also = known.length === 0 ? '' : `Also ${known.map(([name]) => `\`${name}\``).join(', ')}, as above.\n\n`;
  return `## ${title}\n\n${also}${rows.length === 0 ? '' : table(['name', 'meaning'], rows)}`;
});
writeFileSync(
  `${docs}config.md`,
  `${note}# Settings\n\nThe environment of every program. An empty string is unset.\n\n${sections.join('\n').trimEnd()}\n`,
);

const rows = Object.values(topics).map((topic) => [
  `\`${topic.name}\``,
  topic.owner.join(', '),
  [...topic.readers, ...('mayRead' in topic ? topic.mayRead : [])].join(', '),
  String(topic.partitions),
  `${topic.retentionHours} h`,
  topic.isDurable ? 'yes' : 'no',
  topic.purpose,
]);
const head = ['topic', 'written by', 'read by', 'partitions', 'kept', 'durable', 'purpose'];
const types = Object.keys(messageTypes).map((type) => `\`${type}\``);
writeFileSync(
  `${docs}topics.md`,
  `${note}# Topics\n\nFrom the contexts of \`packages/contracts/src/\`. The key is the stream's id; messages are CloudEvents 1.0.\n\n${table(
    head,
    rows,
  )}\nMessage types: ${types.join(', ')}.\n`,
);

const document = openApiDocument();
writeFileSync(`${docs}openapi.json`, `${JSON.stringify(document, null, 2)}\n`);

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, { operationId }]) => `  ${operationId}: '${method.toUpperCase()} ${path}',\n`),
);
writeFileSync(
  new URL('../../cli/src/command-line/operations.ts', import.meta.url),
  `// Made by \`npm run gen\` from the gateway's routes.

/** Method and path of every operation of the gateway, by its id. */
export const operations = {
${operations.join('')}} as const;
export type OperationId = keyof typeof operations;
`,
);
// Commands read that table, so they are read after it is written.
const [{ manual }, { commands }] = await Promise.all([
  import('@parley/cli/command-line/manual.ts'),
  import('@parley/cli/commands.ts'),
]);
writeFileSync(`${docs}cli.md`, `${note}${manual(commands)}`);

const observability = fileURLToPath(new URL('../../../k8s/observability/', import.meta.url));
const slos = readSloFolder();
const { config } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  config: { runbooks: string };
};
for (const folder of ['rules', 'dashboards']) rmSync(`${observability}${folder}`, { recursive: true, force: true });
for (const { path, text } of [...generateRules(slos, config.runbooks), ...generateDashboards(slos, config.runbooks)]) {
  mkdirSync(dirname(`${observability}${path}`), { recursive: true });
  writeFileSync(`${observability}${path}`, text);
}
writeFileSync(`${docs}asyncapi.json`, `${JSON.stringify(asyncApiDocument(), null, 2)}\n`);

const targets = modules.map(({ name }) => `    - ${name}:8080\n`).join('');
writeFileSync(
  new URL('../../../docker/observability/services.yaml', import.meta.url),
  `# Made by \`npm run gen\` from packages/cli/src/services.ts.\n- targets:\n${targets}`,
);
