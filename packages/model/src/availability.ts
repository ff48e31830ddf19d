import { messageOf } from '@parley/contracts';
import { type Models, route } from './route.ts';

/** Whether a model could be asked just now, in a sentence; with the remedy where it could not. */
export interface Availability {
  readonly isAvailable: boolean;
  readonly sentence: string;
}

/** Asks the model's server whether it has it. Never rejects, and answers within `timeoutMs`. */
export async function checkAvailability(name: string, models: Models, timeoutMs = 2_000): Promise<Availability> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { model, wireName } = route(name, models);
    if (model.provider === 'rehearsal') return { isAvailable: true, sentence: `${name}: scripted text, not an AI` };
    const names = await model.list(signal);
    // Ollama's name for what has no tag.
    if (names.some((one) => one === wireName || one === `${wireName}:latest`))
      return { isAvailable: true, sentence: name };
    const remedy = model.provider === 'ollama' ? `Run: ollama pull ${wireName}` : `It lists ${listed(names)}.`;
    return { isAvailable: false, sentence: `The server of ${name} does not have it. ${remedy}` };
  } catch (thrown) {
    const why = signal.aborted ? `its server has not answered within ${timeoutMs} ms.` : messageOf(thrown);
    return { isAvailable: false, sentence: `${name}: ${why}` };
  }
}

function listed(names: readonly string[]): string {
  const some = names.slice(0, 3).join(', ');
  return names.length === 0 ? 'none' : names.length > 3 ? `${some} and ${names.length - 3} more` : some;
}
