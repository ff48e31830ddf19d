import { createKafkaBus, readTopic } from '@parley/bus/kafka';
import { ParleyError } from '@parley/contracts';
import { type Env, kafkaEnv, readEnv } from '@parley/runtime';
import { kafkaConnection } from '@parley/runtime/host';
import { type Letter, type LetterFilter, readLetters, replayLetters } from './dlq.ts';

export interface DlqFlags extends LetterFilter {
  readonly output?: 'json';
  readonly dryRun?: boolean;
}

/** `parley dlq list|show|replay`. Resolves to the exit code. */
export async function dlqCommand(verb: 'list' | 'show' | 'replay', flags: DlqFlags, environment: Env): Promise<number> {
  const connection = kafkaConnection(readEnv(kafkaEnv, environment), 'parley-dlq');
  const letters = await readLetters((topic) => readTopic(connection, topic), flags);
  if (flags.id !== undefined && letters.length === 0) {
    throw new ParleyError('NOT_FOUND', `There is no dead letter ${flags.id}; "parley dlq list" shows them.`);
  }
  if (verb === 'show') {
    for (const letter of letters)
      console.log(JSON.stringify({ ...letter, original: parsed(letter.original) }, null, 2));
    return 0;
  }
  if (verb === 'list') {
    if (flags.output === 'json') for (const letter of letters) console.log(JSON.stringify(letter));
    else print(letters);
    return 0;
  }
  const whole = letters.filter((letter) => letter.stuck === undefined);
  if (flags.dryRun) {
    print(letters);
    console.log(`Would send ${whole.length} again; ${letters.length - whole.length} cannot be.`);
    return 0;
  }
  const bus = createKafkaBus({ ...connection, onEvent: () => {} });
  const sent = await replayLetters(whole, bus);
  await bus.stop();
  console.log(`Sent ${sent} again; ${letters.length - whole.length} cannot be.`);
  return 0;
}

function print(letters: readonly Letter[]): void {
  for (const { id, time, reason, stuck } of letters) {
    console.log(
      `${time}  ${id}\n  ${reason.replaceAll('\n', ' ').slice(0, 200)}${stuck ? `\n  cannot be sent again: ${stuck}` : ''}`,
    );
  }
  console.log(`${letters.length} dead letters.`);
}

function parsed(original: string): unknown {
  try {
    return JSON.parse(original);
  } catch {
    return original;
  }
}
