import { isParleyError, messageOf } from '@parley/contracts';
import { Command, InvalidArgumentError } from 'commander';
import { type CalibrateFlags, calibrateCommand } from './calibrate-command.ts';
import { type DlqFlags, dlqCommand } from './dlq-command.ts';
import { migrateCommand } from './migrate-command.ts';
import { type UpFlags, up } from './up.ts';

function whole(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`${text} is not a whole number from ${min} to ${max}.`);
  };
}

const program = new Command('parley').description('Runs agents as services; debates that survive everything.');
program
  .command('up', { isDefault: true })
  .description('start everything in this process, and a debate')
  .option('--topic <text>', 'what is debated')
  .option('--rounds <n>', 'the most rounds, 1 to 32', whole(1, 32))
  .option('--once', 'end after the verdict')
  .option('--no-debate', 'only serve')
  .option('--data-dir <folder>', 'where the database lies (PARLEY_DATA_DIR)')
  .option('--model <name>', 'the model of all agents; "rehearsal" needs none (PARLEY_MODEL)')
  .option('--port <n>', 'port of the gateway, 0 for a free one (PORT)', whole(0, 65_535))
  .action(async (flags: UpFlags) => {
    process.exitCode = await up(flags, process.env);
  });
program
  .command('migrate')
  .description("bring every service's schema and role in Postgres to what this build needs (DATABASE_URL)")
  .action(async () => {
    process.exitCode = await migrateCommand(process.env);
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

try {
  await program.parseAsync();
} catch (thrown) {
  console.error(isParleyError(thrown) ? thrown.message : thrown instanceof Error ? thrown.stack : messageOf(thrown));
  process.exitCode = 1;
}
