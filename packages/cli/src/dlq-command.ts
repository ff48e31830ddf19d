import { createKafkaBus, readTopic } from '@parley/bus/kafka';
import { ParleyError } from '@parley/contracts';
import { kafkaEnv, readEnv } from '@parley/runtime';
import { kafkaConnection } from '@parley/runtime/host';
import type { Call } from './command-line/command.ts';
import { harmless } from './command-line/terminal.ts';
import { type Letter, type LetterFilter, readLetters, replayLetters } from './dlq.ts';

export interface DlqFlags extends LetterFilter {
  readonly dryRun?: boolean;
}

/** `parley dlq list|show|replay`. */
export async function dlqCommand(verb: 'list' | 'show' | 'replay', call: Call<DlqFlags>): Promise<number> {
  const { flags, print, self } = call;
  const filter = { ...flags, id: flags.id ?? call.args[0] };
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
  if (flags.dryRun) {
    const say = () => `${listed(letters)}\nWould send ${whole.length} again; ${stuck} cannot be.`;
    print({ sent: 0, wouldSend: whole.length, stuck }, say);
    return 0;
  }
  const bus = createKafkaBus({ ...connection, onEvent: () => {} });
  const sent = await replayLetters(whole, bus);
  await bus.stop();
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
