import type { CalibrateFlags } from '../calibrate/command.ts';
import { command, flag, whole } from '../command-line/command.ts';
import type { WaitFlags } from '../command-line/patience.ts';
import type { DlqFlags } from './dlq.ts';
import type { KeysFlags } from './keys.ts';

const wait = flag('--wait <seconds>', 'how long to wait for a server that is away', whole(0, 86_400));
const topic = flag('--topic <name>', 'only what was on this topic');
const tenant = flag('--tenant <name>', 'whose keys').default('default');
const keys = () => import('./keys.ts');
const dlq = () => import('./dlq.ts');

/** Commands of those who run Parley, which go to its servers themselves. */
export const operatingCommands = [
  command<WaitFlags>({
    path: 'migrate',
    summary: "bring every service's schema and role in Postgres to what this build needs (DATABASE_URL)",
    flags: [wait],
    json: '`{schemas, roles}`',
    example: 'migrate --wait 60',
    run: async (call) => (await import('./migrate-command.ts')).migrateCommand(call),
  }),
  command<WaitFlags>({
    path: 'topics',
    summary: 'make the topics that Kafka lacks, and say which differ (KAFKA_BROKERS)',
    flags: [wait],
    json: '`{created, present, differences: [{topic, setting, expected, found}]}`',
    example: 'topics --wait 60',
    run: async (call) => (await import('./topics.ts')).topicsCommand(call),
  }),
  command<CalibrateFlags>({
    path: 'calibrate',
    summary: 'find the cosine from which an embedding model finds turns redundant, on labelled turn pairs',
    flags: [
      flag('--model <name>', 'the embedding model (PARLEY_EMBED_MODEL)'),
      flag('--corpus <file>', 'labelled pairs of your own, a line of JSON each'),
      flag('--examine', 'measure instead how well a chat model counts claims and gives its opinion (PARLEY_MODEL)'),
      flag('--pairs <n>', 'with --examine: number of pairs, from all over the corpus', whole(1, 100_000)),
    ],
    json: '`{model, pairs, scripts, overall, cheapSteps, rows}`; with --examine `{model, pairs, answered, steps, precisionOfAlways}`',
    example: 'calibrate --model all-minilm',
    run: async (call) => (await import('../calibrate/command.ts')).calibrateCommand(call),
  }),
  command<DlqFlags>({
    path: 'dlq list',
    summary: 'the dead letters, with their reasons',
    flags: [topic],
    json: '`{letters: [{id, time, topic, partition, offset, group, reason, original, stuck}]}`',
    example: 'dlq list',
    run: async (call) => (await dlq()).dlqCommand('list', call),
  }),
  command<DlqFlags>({
    path: 'dlq show <id>',
    summary: 'one dead letter, with what it was',
    flags: [],
    json: 'one of the letters of `dlq list`',
    example: 'dlq show 0197c8a0-0000-7000-8000-000000000001',
    run: async (call) => (await dlq()).dlqCommand('show', call),
  }),
  command<DlqFlags>({
    path: 'dlq replay',
    summary: 'send dead letters again to the topic they were on, and write that into the audit log (DATABASE_URL)',
    flags: [topic, flag('--id <id>', 'only this one'), flag('--dry-run', 'only say what would be sent')],
    json: '`{sent, stuck}`; with --dry-run `wouldSend`, too',
    example: 'dlq replay --dry-run',
    run: async (call) => (await dlq()).dlqCommand('replay', call),
  }),
  command<KeysFlags>({
    path: 'keys create',
    summary: 'make a key; it is shown once',
    flags: [
      flag('--name <text>', 'who or what it is for').makeOptionMandatory(),
      flag('--scope <scope...>', 'read, write or admin').makeOptionMandatory(),
      tenant,
      flag('--days <n>', 'how long it is good; until it is revoked if left out', whole(1, 3_650)),
    ],
    answers: 'createKey',
    example: 'keys create --name ci --scope read write --days 90',
    run: async (call) => (await keys()).keysCommand('create', call),
  }),
  command<KeysFlags>({
    path: 'keys list',
    summary: 'the keys of a tenant, newest first',
    flags: [tenant],
    answers: 'listKeys',
    example: 'keys list --tenant acme',
    run: async (call) => (await keys()).keysCommand('list', call),
  }),
  command<KeysFlags>({
    path: 'keys rotate <id>',
    summary: 'make a key like this one, which goes on for a while',
    flags: [tenant, flag('--overlap-seconds <n>', 'how long; a day if left out', whole(0, 30 * 24 * 60 * 60))],
    answers: 'rotateKey',
    example: 'keys rotate 0197c8a0-0000-7000-8000-000000000001 --overlap-seconds 3600',
    run: async (call) => (await keys()).keysCommand('rotate', call),
  }),
  command<KeysFlags>({
    path: 'keys revoke <id>',
    summary: 'end a key at once and for good',
    flags: [tenant],
    json: '`{id, isRevoked}`',
    example: 'keys revoke 0197c8a0-0000-7000-8000-000000000001',
    run: async (call) => (await keys()).keysCommand('revoke', call),
  }),
  command({
    path: 'audit verify',
    summary: 'check that no row of the audit log was changed or taken out; exit code 1 if one was (DATABASE_URL)',
    flags: [],
    json: '`{chains: [{tenant, ok, rows, head}]}`; of a broken one the `reason`',
    example: 'audit verify',
    run: async (call) => (await import('./audit.ts')).auditCommand(call),
  }),
];
