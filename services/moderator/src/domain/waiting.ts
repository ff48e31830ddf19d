// What a debate tells when a model is away. It stays as it is until the model answers or the time is up.
import { type Fact, type PassingFailure, reasonCharacters } from '@parley/contracts';
import type { ModelWaitingV1 } from '@parley/contracts/debate';

/** The fact that something waits for a model, and why; told once an outage. */
export function waitingFact(
  what: Omit<ModelWaitingV1, 'code' | 'reason'>,
  { code, reason }: PassingFailure,
): Fact<'model-waiting.v1'> {
  return { type: 'model-waiting.v1', data: { ...what, code, reason: reason.slice(0, reasonCharacters) } };
}
