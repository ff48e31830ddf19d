// npm run gen: writes the pages under docs/ that are made from code. CI fails when one of them is stale.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { upEnv } from '@parley/cli/config.ts';
import { messageTypes, topics } from '@parley/contracts';
import { openApiDocument } from '@parley/gateway/in/openapi.ts';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
const note = '<!-- Made by `npm run gen`; edit the source it names. -->\n\n';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

const settings = Object.entries(upEnv.shape).map(([name, schema]) => [`\`${name}\``, schema.description ?? '']);
writeFileSync(
  `${docs}config.md`,
  `${note}# Settings\n\nEnvironment of \`npm start\` (\`packages/cli/src/config.ts\`). An empty string is unset; flags win.\n\n${table(
    ['name', 'meaning'],
    settings,
  )}`,
);

const rows = Object.values(topics).map((topic) => [
  `\`${topic.name}\``,
  topic.owner.join(', '),
  topic.readers.join(', '),
  String(topic.partitions),
  `${topic.retentionHours} h`,
  topic.isDurable ? 'yes' : 'no',
  topic.purpose,
]);
const head = ['topic', 'written by', 'read by', 'partitions', 'kept', 'durable', 'purpose'];
const types = Object.keys(messageTypes).map((type) => `\`${type}\``);
writeFileSync(
  `${docs}topics.md`,
  `${note}# Topics\n\nFrom \`packages/contracts/src/topics.ts\`. The key is the stream's id; messages are CloudEvents 1.0.\n\n${table(
    head,
    rows,
  )}\nMessage types: ${types.join(', ')}.\n`,
);

writeFileSync(`${docs}openapi.json`, `${JSON.stringify(openApiDocument(), null, 2)}\n`);
