import { userInfo } from 'node:os';
import { createKafkaBus, readTopic } from '@parley/bus/kafka';
import { ParleyError } from '@parley/contracts';
import { openDeadLetterOffice } from '@parley/gateway/operator.ts';
import { kafkaEnv, readEnv } from '@parley/runtime';
import { kafkaConnection } from '@parley/runtime/host';
import { openPostgres } from '@parley/spine';
import type { Call } from '../command-line/command.ts';
import { harmless } from '../command-line/terminal.ts';
import { type Letter, type LetterFilter, readLetters, replayLetters } from './dead-letters.ts';
import { keysEnv } from './keys.ts';

export interface DlqFlags extends LetterFilter {
  readonly dryRun?: boolean;
}

/** `parley dlq list|show|replay`. */
export async function dlqCommand(verb: 'list' | 'show' | 'replay', call: Call<DlqFlags>): Promise<number> {
  const { flags, print, self } = call;
  const filter = { ...flags, id: flags.id ?? call.args[0] };
  const isSending = verb === 'replay' && !flags.dryRun;
  // The gateway's database has the audit log: without it nothing is sent.
  const { DATABASE_URL: databaseUrl } = isSending ? readEnv(keysEnv, call.env) : {};
  const connection = kafkaConnection(readEnv(kafkaEnv, call.env), 'parley-dlq');
  const letters = await readLetters((topic) => readTopic(connection, topic), filter);
  const [first] = letters;
  if (filter.id !== undefined && first === undefined) {
    throw new ParleyError('NOT_FOUND', `There is no dead letter ${filter.id}; "${self} dlq list" shows them.`);
  }
  if (verb === 'show' && first !== undefined) {
    const whole = { ...first, original: parsed(first.original) };
    print(whole, () => JSON.stringify(whole, null, 2));
    return 0;
  }
  if (verb === 'list') {
    print({ letters }, () => listed(letters));
    return 0;
  }
  const whole = letters.filter((letter) => letter.stuck === undefined);
  const stuck = letters.length - whole.length;
  if (databaseUrl === undefined) {
    const say = () => `${listed(letters)}\nWould send ${whole.length} again; ${stuck} cannot be.`;
    print({ sent: 0, wouldSend: whole.length, stuck }, say);
    return 0;
  }
  const db = openPostgres({ url: databaseUrl, poolSize: 1 });
  const office = openDeadLetterOffice(db);
  const subject = `cli:${userInfo().username}`;
  const bus = createKafkaBus({ ...connection, onEvent: () => {} });
  let sent = 0;
  try {
    sent = await replayLetters(whole, bus, ({ id: letter, original, topic }, tenant) =>
      office.record({ tenant, subject, letter, original, topic }),
    );
  } finally {
    await bus.stop();
    await db.close();
  }
  print({ sent, stuck }, () => `Sent ${sent} again; ${stuck} cannot be.`);
  return 0;
}

function listed(letters: readonly Letter[]): string {
  const lines = letters.flatMap(({ id, time, reason, stuck }) => [
    `${time}  ${id}`,
    `  ${harmless(reason.replaceAll('\n', ' ').slice(0, 200))}`,
    ...(stuck === undefined ? [] : [`  cannot be sent again: ${stuck}`]),
  ]);
  return [...lines, `${letters.length} dead letters.`].join('\n');
}

function parsed(original: string): unknown {
  try {
    return JSON.parse(original);
  } catch {
    return original;
  }
}
