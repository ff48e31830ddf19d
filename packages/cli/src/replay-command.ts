import { setTimeout as wait } from 'node:timers/promises';
import {
  type ErrorCode,
  messageOf,
  ParleyError,
  problemSchema,
  type ReplayRules,
  type ReplayView,
} from '@parley/contracts';
import { type Env, readEnv } from '@parley/runtime';
import { z } from 'zod';
import { replayTable } from './replay-table.ts';

/** The environment of commands that talk to a running Parley. */
export const clientEnv = z.object({
  PARLEY_URL: z
    .url({ protocol: /^https?$/, error: 'expected http://host:port' })
    .optional()
    .describe('The gateway that "parley replay" talks to.'),
  PARLEY_API_KEY: z.string().optional().describe('The API key that it shows there, with the scope "write".'),
});

export interface ReplayFlags {
  readonly judge?: string;
  readonly panel?: number;
  readonly containment?: number;
  readonly jaccard?: number;
  readonly cosine?: number;
  readonly maxRounds?: number;
  readonly minRounds?: number;
  readonly staleRounds?: number;
  /** False for --no-redundancy. */
  readonly redundancy?: boolean;
  readonly output?: 'json';
}

const defaultUrl = 'http://127.0.0.1:8080';
const pollMs = 200;

/** `parley replay <debate-id>`: waits for the result and prints it. Resolves to the exit code. */
export async function replayCommand(debate: string, flags: ReplayFlags, environment: Env): Promise<number> {
  const { PARLEY_URL: url = defaultUrl, PARLEY_API_KEY: key } = readEnv(clientEnv, environment);
  const credential: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const replays = new URL(`/v1/debates/${encodeURIComponent(debate)}/replays`, url);
  const asked = await ask<{ id: string }>(replays, {
    method: 'POST',
    headers: { ...credential, 'content-type': 'application/json' },
    body: JSON.stringify(rulesOf(flags)),
  });
  for (;;) {
    const view = await ask<ReplayView>(new URL(`${replays.pathname}/${asked.id}`, url), { headers: credential });
    if (view.status === 'accepted' || view.status === 'judging') {
      await wait(pollMs);
      continue;
    }
    if (flags.output === 'json') console.log(JSON.stringify(view, null, 2));
    else if (view.result !== null) console.log(replayTable(view.result));
    if (view.status === 'finished') return 0;
    const why = view.reason ?? 'its stream was set aside; GET /v1/parked says why';
    console.error(`Replay ${view.id} has ${view.status}: ${why}.`);
    return 1;
  }
}

/** What was not said is left out, so that the server's own defaults stand. */
export function rulesOf(flags: ReplayFlags): ReplayRules {
  const { judge: model, panel, containment, jaccard, cosine, maxRounds, minRounds, staleRounds, redundancy } = flags;
  const said = {
    judge: { model, panel },
    thresholds: { containment, jaccard, cosine },
    stop: { maxRounds, minRounds, staleRounds, stopWhenRedundant: redundancy === false ? false : undefined },
  };
  // Through JSON keys without a value are gone.
  const rules = JSON.parse(JSON.stringify(said)) as Record<string, object>;
  return Object.fromEntries(Object.entries(rules).filter(([, part]) => Object.keys(part).length > 0));
}

async function ask<T>(url: URL, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (thrown) {
    const cause = thrown instanceof Error ? messageOf(thrown.cause ?? thrown) : messageOf(thrown);
    throw new ParleyError(
      'GATEWAY_UNREACHABLE',
      `Nothing answers at ${url.origin} (${cause}). Start it with "npm start", or name it in PARLEY_URL.`,
    );
  }
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as T;
  const { code = 'INTERNAL', detail = `${url.origin} answered ${response.status}.` } = problemOf(text);
  throw new ParleyError(code, detail);
}

/** The server's own sentence names the field or the remedy. */
function problemOf(text: string): { readonly code?: ErrorCode | undefined; readonly detail?: string | undefined } {
  try {
    return problemSchema.partial().safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}
