import { cancelled, statusError, transportError, type Wire } from './wire-error.ts';

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
