import type { EffectCall } from '../src/index.ts';
import { until, type World } from './world.ts';

/** What must never be found: an effect that was answered more than once. */
export const answeredTwice = 'select key from $S.effect where finished > 1';

/** A handler whose calls are counted and which answers when it is told to. */
export function held() {
  const calls: EffectCall[] = [];
  const gate = Promise.withResolvers<void>();
  return {
    calls,
    release: gate.resolve,
    handler: async (call: EffectCall) => {
      calls.push(call);
      await gate.promise;
      return call.attempt;
    },
  };
}

/** What askers in this world have been answered. */
export function reader(world: World) {
  const answers = async (stream: string) =>
    (await world.log(stream)).filter(({ type }) => type === 'answered').map(({ data }) => data);
  const answered = (stream: string, count = 1) =>
    until(`${stream} has ${count} answers`, async () => (await answers(stream)).length >= count);
  return { answers, answered };
}
