import type { DebateSummary, DeltaV1 } from '@parley/contracts/debate';
import type { Debates } from '../../features/debates/debates.ts';
import type { Replays } from '../../features/replays/replays.ts';
import type { ReadStanding } from '../../operating/slo-sources.ts';
import type { RequestContext } from '../../streams/request-context.ts';
import type { McpBackend } from './backend.ts';

export interface GatewayBackendDeps {
  readonly debates: Debates;
  readonly replays: Replays;
  readonly readStanding: ReadStanding;
}

/** The gateway's own functions for one caller. */
export function gatewayBackend(
  { debates, replays, readStanding }: GatewayBackendDeps,
  context: RequestContext,
): McpBackend {
  const { tenant } = context;
  return {
    start: async (body) => (await debates.start(context, body)).response as DebateSummary,
    get: (id) => debates.view(tenant, id),
    list: (query) => debates.page(tenant, query),
    async *follow(id, signal) {
      for await (const one of debates.follow(tenant, id, 0, signal)) {
        yield one.kind === 'event' ? one.event : { type: 'delta' as const, data: one.delta as DeltaV1 };
      }
    },
    startReplay: async (debate, rules) => (await replays.start(context, debate, rules)).response as { id: string },
    finishedReplay: (debate, replay, signal) => replays.finished(tenant, debate, replay, signal),
    slos: readStanding,
  };
}
