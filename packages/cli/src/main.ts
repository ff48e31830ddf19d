import { isParleyError, messageOf } from '@parley/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { auditCommand } from './audit-command.ts';
import { type CalibrateFlags, calibrateCommand } from './calibrate-command.ts';
import { type DlqFlags, dlqCommand } from './dlq-command.ts';
import { type KeysFlags, keysCommand } from './keys-command.ts';
import { migrateCommand } from './migrate-command.ts';
import type { WaitFlags } from './patience.ts';
import { type ReplayFlags, replayCommand } from './replay-command.ts';
import { type SloFlags, sloCommand } from './slo-command.ts';
import { topicsCommand } from './topics-command.ts';
import { type UpFlags, up } from './up.ts';

function whole(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`${text} is not a whole number from ${min} to ${max}.`);
  };
}

function panelSize(text: string): number {
  if (text === '1' || text === '3') return Number(text);
  throw new InvalidArgumentError('A panel has 1 or 3 judges.');
}

function share(min: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= 1) return value;
    throw new InvalidArgumentError(`${text} is not a number from ${min} to 1.`);
  };
}

const wait = ['--wait <seconds>', 'how long to wait for a server that is away', whole(0, 86_400)] as const;

const program = new Command('parley').description(manifest.description).version(manifest.version);
program
  .command('up', { isDefault: true })
  .description('start everything in this process, and a debate')
  .option('--topic <text>', 'what is debated')
  .option('--rounds <n>', 'the most rounds, 1 to 32', whole(1, 32))
  .option('--once', 'end after the verdict')
  .option('--no-debate', 'only serve')
  .option('--data-dir <folder>', 'where the database lies (PARLEY_DATA_DIR)')
  .option('--model <name>', 'the model of all agents; "rehearsal" needs none (PARLEY_MODEL)')
  .option('--model-pro <name>', 'the model of the side for the topic')
  .option('--model-con <name>', 'the model of the side against it')
  .option('--model-judge <name>', 'the model of the judge')
  .option('--persona-pro <text>', 'who speaks for the topic, in a sentence')
  .option('--persona-con <text>', 'who speaks against it')
  .option('--evidence-pro <file...>', 'texts that the side for the topic may cite, up to 5 files or addresses')
  .option('--evidence-con <file...>', 'texts that the side against it may cite')
  .option('--port <n>', 'port of the gateway, 0 for a free one (PORT)', whole(0, 65_535))
  .action(async (flags: UpFlags) => {
    process.exitCode = await up(flags, process.env);
  });
program
  .command('migrate')
  .description("bring every service's schema and role in Postgres to what this build needs (DATABASE_URL)")
  .option(...wait)
  .action(async (flags: WaitFlags) => {
    process.exitCode = await migrateCommand(flags, process.env);
  });
program
  .command('topics')
  .description('make the topics that Kafka lacks, and say which differ (KAFKA_BROKERS)')
  .option(...wait)
  .action(async (flags: WaitFlags) => {
    process.exitCode = await topicsCommand(flags, process.env);
  });
program
  .command('calibrate')
  .description('find the cosine from which an embedding model finds turns redundant, on labelled turn pairs')
  .option('--model <name>', 'the embedding model (PARLEY_EMBED_MODEL)')
  .option('--corpus <file>', 'labelled pairs of your own, a line of JSON each')
  .option('-o, --output <format>', '"json" is one line of JSON')
  .action(async (flags: CalibrateFlags) => {
    process.exitCode = await calibrateCommand(flags, process.env);
  });

program
  .command('replay <debate-id>')
  .description('judge a debate that is over again, by other rules; it stays as it was (PARLEY_URL)')
  .option('--judge <model>', 'the model of the judges')
  .option('--panel <n>', 'how many judges, 1 or 3', panelSize)
  .option('--containment <share>', 'stale from this share of 3-grams said before', share(0))
  .option('--jaccard <share>', 'stale from this share of common words', share(0))
  .option('--cosine <cosine>', 'stale from this cosine, where the log has embeddings', share(-1))
  .option('--max-rounds <n>', 'the most rounds', whole(1, 32))
  .option('--min-rounds <n>', 'no stop for redundancy before', whole(1, 32))
  .option('--stale-rounds <n>', 'stale rounds in a row that end it', whole(1, 32))
  .option('--no-redundancy', 'let it go in circles')
  .addOption(new Option('-o, --output <format>', 'the whole answer').choices(['json']))
  .action(async (debate: string, flags: ReplayFlags) => {
    process.exitCode = await replayCommand(debate, flags, process.env);
  });

program
  .command('slo')
  .description('how every objective stands, and what may still go wrong (PARLEY_URL)')
  .addOption(new Option('-o, --output <format>', 'the whole answer').choices(['json']))
  .action(async (flags: SloFlags) => {
    process.exitCode = await sloCommand(flags, process.env);
  });

program
  .command('mcp')
  .description('the tools of a running Parley for an MCP client, over stdin and stdout (PARLEY_URL)')
  .action(async () => {
    const { mcpCommand } = await import('./mcp-command.ts');
    mcpCommand(process.env);
  });

const dlq = program.command('dlq').description('dead letters: what no service could read (KAFKA_BROKERS)');
const topic = ['--topic <name>', 'only what was on this topic'] as const;
dlq
  .command('list')
  .description('the dead letters, with their reasons')
  .option(...topic)
  .option('-o, --output <format>', '"json" is a line of JSON each')
  .action(async (flags: DlqFlags) => {
    process.exitCode = await dlqCommand('list', flags, process.env);
  });
dlq
  .command('show <id>')
  .description('one dead letter, with what it was')
  .action(async (id: string) => {
    process.exitCode = await dlqCommand('show', { id }, process.env);
  });
dlq
  .command('replay')
  .description('send dead letters again to the topic they were on')
  .option(...topic)
  .option('--id <id>', 'only this one')
  .option('--dry-run', 'only say what would be sent')
  .action(async (flags: DlqFlags) => {
    process.exitCode = await dlqCommand('replay', flags, process.env);
  });

const keys = program.command('keys').description('API keys, in the database of the gateway (DATABASE_URL)');
const tenant = ['--tenant <name>', 'whose keys', 'default'] as const;
keys
  .command('create')
  .description('make a key; it is shown once')
  .requiredOption('--name <text>', 'who or what it is for')
  .requiredOption('--scope <scope...>', 'read, write or admin')
  .option(...tenant)
  .option('--days <n>', 'how long it is good; until it is revoked if left out', whole(1, 3_650))
  .action(async (flags: KeysFlags) => {
    process.exitCode = await keysCommand({ verb: 'create', ...flags }, process.env);
  });
keys
  .command('list')
  .description('the keys of a tenant, newest first')
  .option(...tenant)
  .option('-o, --output <format>', '"json" is a line of JSON each')
  .action(async (flags: KeysFlags) => {
    process.exitCode = await keysCommand({ verb: 'list', ...flags }, process.env);
  });
keys
  .command('rotate <id>')
  .description('make a key like this one, which goes on for a while')
  .option(...tenant)
  .option('--overlap-seconds <n>', 'how long; a day if left out', whole(0, 30 * 24 * 60 * 60))
  .action(async (id: string, flags: KeysFlags) => {
    process.exitCode = await keysCommand({ verb: 'rotate', id, ...flags }, process.env);
  });
keys
  .command('revoke <id>')
  .description('end a key at once and for good')
  .option(...tenant)
  .action(async (id: string, flags: KeysFlags) => {
    process.exitCode = await keysCommand({ verb: 'revoke', id, ...flags }, process.env);
  });

program
  .command('audit')
  .description('the audit log, in the database of the gateway (DATABASE_URL)')
  .command('verify')
  .description('check that no row was changed or taken out; exit code 1 if one was')
  .action(async () => {
    process.exitCode = await auditCommand(process.env);
  });

try {
  await program.parseAsync();
} catch (thrown) {
  console.error(isParleyError(thrown) ? thrown.message : thrown instanceof Error ? thrown.stack : messageOf(thrown));
  process.exitCode = 1;
}
