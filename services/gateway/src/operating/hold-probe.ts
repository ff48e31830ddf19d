import { ParleyError } from '@parley/contracts';
import { readJson, readText } from '@parley/contracts/bounded-body.ts';
import type { DebateSummary, DebateView, StartDebateBody } from '@parley/contracts/debate';

export interface Probe {
  /** Address of this gateway, such as http://127.0.0.1:8080. */
  readonly origin: string;
  /** Headers by which the gateway knows the probe. */
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  /** Limit of the whole probe, from the request to the verdict. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const topic = 'A probe: does a debate of one round reach its verdict?';

/** Most bytes of one answer; a debate of one round has some 20 kB of events. */
const mostBytes = 4_000_000;

/**
 * Holds a debate of two turns as a user would: asks for it, follows its events to the end, reads it.
 * @throws what kept it from a verdict in time
 */
export async function holdProbe(probe: Probe): Promise<void> {
  const { model, limitMs } = probe;
  const signal = AbortSignal.any([probe.signal, AbortSignal.timeout(limitMs)]);
  const bounds = { bytes: mostBytes, ms: limitMs };
  const side = { model };
  const body: StartDebateBody = {
    topic,
    maxRounds: 1,
    sides: { pro: side, con: side },
    judge: { model },
    deadlineSeconds: Math.ceil(limitMs / 1_000),
  };
  const made = await ask(probe, '/v1/debates', { signal, method: 'POST', body: JSON.stringify(body) });
  const { id } = (await readJson(made.body, bounds)) as DebateSummary;
  const events = await ask(probe, `/v1/debates/${id}/events`, { signal });
  await readText(events.body, bounds);
  const shown = await ask(probe, `/v1/debates/${id}`, { signal });
  const view = (await readJson(shown.body, bounds)) as DebateView;
  if (view.verdict !== null && view.verdict.outcome !== 'unavailable' && view.turns.length === 2) return;
  throw new ParleyError(
    'INTERNAL',
    `Debate ${id} of the probe has status ${view.status}, ${view.turns.length} of 2 turns and no verdict.`,
  );
}

async function ask({ origin, ...probe }: Probe, path: string, init: RequestInit): Promise<Response> {
  // A kept connection may be closed by the server just when the next probe takes it: no fault of anybody's.
  const headers = { ...probe.headers, connection: 'close', 'content-type': 'application/json' };
  const response = await fetch(origin + path, { ...init, headers });
  if (response.ok) return response;
  throw new ParleyError(
    'INTERNAL',
    `${init.method ?? 'GET'} ${path} of the probe was answered with ${response.status}.`,
  );
}
