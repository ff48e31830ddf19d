import { setTimeout as wait } from 'node:timers/promises';
import {
  type DebateSummary,
  type DeltaV1,
  type Fact,
  ParleyError,
  type Problem,
  type StartDebateBody,
} from '@parley/contracts';
import { readEvents } from './event-source.ts';
import type { createTranscript } from './transcript.ts';

const open = new Set<DebateSummary['status']>(['accepted', 'debating', 'judging']);

/** The newest debate that is still going, on `topic` where one is named. */
export async function unfinishedDebate(url: string, topic: string | undefined): Promise<DebateSummary | undefined> {
  const response = await fetch(`${url}/v1/debates?limit=100`);
  const { debates } = (await response.json()) as { debates: DebateSummary[] };
  return debates.find((debate) => open.has(debate.status) && (topic === undefined || debate.topic === topic));
}

/** @throws ParleyError with the server's own sentence */
export async function startDebate(url: string, body: StartDebateBody): Promise<DebateSummary> {
  const response = await fetch(`${url}/v1/debates`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as DebateSummary & Partial<Pick<Problem, 'code' | 'detail'>>;
  if (response.status !== 202) {
    throw new ParleyError(answer.code ?? 'INTERNAL', answer.detail ?? `The gateway answered ${response.status}.`);
  }
  return answer;
}

/** Shows a debate until it is closed, over reconnects. Resolves to how it ended. */
export async function followDebate(
  url: string,
  id: string,
  transcript: ReturnType<typeof createTranscript>,
  signal: AbortSignal,
): Promise<'closed' | 'cancelled' | 'failed'> {
  let last = 0;
  for (;;) {
    try {
      for await (const event of readEvents(`${url}/v1/debates/${id}/events?after=${last}`, signal)) {
        if (event.event === 'delta') {
          transcript.delta(JSON.parse(event.data) as DeltaV1);
          continue;
        }
        const fact = JSON.parse(event.data) as Fact & { seq: number };
        last = fact.seq;
        transcript.fact(fact);
        if (fact.type === 'debate-closed.v1') return fact.data.status;
      }
    } catch (thrown) {
      if (signal.aborted) throw thrown;
    }
    await wait(200, undefined, { signal });
  }
}
