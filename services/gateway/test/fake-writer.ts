import { topics } from '@parley/contracts';
import { until } from '@parley/testkit';
import { deltaOf, factsOf, publish } from './fake-moderator.ts';
import type { RunningGateway } from './running-gateway.ts';

/**
 * Has a debate of four turns in pieces, each as soon as the client has seen what came before. The first turn comes
 * whole; a piece of the second is lost; the third is begun anew; the fourth is recorded as another than it was written;
 * a fifth is begun and never recorded.
 */
export async function writeDebate({ bus }: RunningGateway, id: string, saw: (text: string) => boolean): Promise<void> {
  const facts = factsOf(id, 4);
  const write = (round: number, side: 'pro' | 'con', offset: number, text: string) =>
    bus.broadcast(topics.deltas.name, deltaOf(id, offset, text, { round, side }));
  const untilSeen = (text: string) => until(`the client sees "${text}"`, () => saw(text));
  /** Pieces are for who has caught up and keeps up: the first of a turn comes again, but not at every look. */
  const begin = async (round: number, side: 'pro' | 'con', text: string) => {
    let looks = 0;
    await until(`the client sees "${text}"`, () => {
      if (!saw(text.trim()) && looks++ % 50 === 0) write(round, side, 0, text);
      return saw(text.trim());
    });
  };

  /** The memory bus delivers what is broadcast in the next turn of the event loop, and events may overtake it. */
  const delivered = () => new Promise((resolve) => setImmediate(resolve));

  await publish(bus, facts.slice(0, 2));
  await untilSeen('Turn 1. 茶 ☕');
  await begin(1, 'con', ' Turn 2');
  write(1, 'con', 7, '.');
  write(1, 'con', 10, '☕');
  await delivered();
  await publish(bus, facts.slice(2, 3));
  await untilSeen(' 茶 ☕');
  write(1, 'con', 0, 'Too late');
  await begin(2, 'pro', 'The wrong way');
  await begin(2, 'pro', 'Turn 3.');
  await publish(bus, facts.slice(3, 4));
  await begin(2, 'con', 'Something else');
  await publish(bus, facts.slice(4, 5));
  await untilSeen('Turn 4. 茶 ☕');
  await begin(3, 'pro', 'Never');
  await publish(bus, facts.slice(5));
}

/** The turns as they are recorded. */
export const recordedTurns = ['Turn 1. 茶 ☕', 'Turn 2. 茶 ☕', 'Turn 3. 茶 ☕', 'Turn 4. 茶 ☕'];
