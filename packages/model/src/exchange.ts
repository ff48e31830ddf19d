import { ParleyError } from '@parley/contracts';
import { BodyBeyondBound, type BodyBounds, readJson } from '@parley/contracts/bounded-body.ts';
import { statusError } from './status-error.ts';
import { cancelled, transportError, type Wire } from './wire-error.ts';

/**
 * One request and its answer, read to the end. Rejects with a ParleyError, whatever went wrong and wherever:
 * CANCELLED after an abort, what the status means, unreachable before the answer, broken off in it.
 */
export async function exchange<T>(
  wire: Wire,
  { model, signal }: { readonly model: string; readonly signal: AbortSignal },
  send: () => Promise<Response>,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw cancelled(signal);
  let hasAnswer = false;
  try {
    const response = await send();
    hasAnswer = response.ok;
    if (!response.ok) throw await statusError(wire, model, response);
    return await read(response);
  } catch (thrown) {
    throw transportError(wire, model, thrown, { signal, hasAnswer });
  }
}

/** The JSON of an answer that does not come in pieces. Rejects with MODEL_GARBAGE when it is longer than its bound or no JSON object. */
export async function readObject(
  wire: Wire,
  what: string,
  response: Response,
  bounds: BodyBounds,
): Promise<Readonly<Record<string, unknown>>> {
  let value: unknown;
  try {
    value = await readJson(response.body, bounds);
  } catch (thrown) {
    if (thrown instanceof BodyBeyondBound && thrown.bound === 'bytes')
      throw garbage(wire, what, thrown.message, thrown);
    if (thrown instanceof SyntaxError) throw garbage(wire, what, 'the answer is no JSON', thrown);
    throw thrown;
  }
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  throw garbage(wire, what, 'the answer is no JSON object');
}

/** An answer that is not what was asked for. */
export function garbage(wire: Wire, what: string, why: string, cause?: unknown): ParleyError {
  const message = `${wire.place} was asked for ${what}, and ${why}. Check that a model server listens there.`;
  return new ParleyError('MODEL_GARBAGE', message, cause === undefined ? {} : { cause });
}
