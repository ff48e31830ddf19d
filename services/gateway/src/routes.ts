import { auditRoutes } from './access/audit-routes.ts';
import { keyRoutes } from './access/key-routes.ts';
import { ticketRoutes } from './access/ticket-routes.ts';
import type { Route } from './api/route.ts';
import { articleRoutes } from './features/debates/article.ts';
import { debateRoutes } from './features/debates/debate-routes.ts';
import { features } from './features/features.ts';
import { replayRoutes } from './features/replays/replay-routes.ts';
import { deadLetterRoutes } from './operating/dead-letter-routes.ts';
import { parkedRoutes } from './operating/parked-routes.ts';
import { sloRoutes } from './operating/slo-routes.ts';
import { systemRoutes } from './operating/system-routes.ts';
import { usageRoutes } from './operating/usage-routes.ts';
import { eventRoutes } from './streams/event-routes.ts';
import type { AnyFeature } from './streams/feature.ts';
import { streamListRoutes } from './streams/list-routes.ts';

/** What routes work on; each takes the parts that it names. */
export type RouteParts = Parameters<typeof keyRoutes>[0] &
  Parameters<typeof auditRoutes>[0] &
  Parameters<typeof ticketRoutes>[0] &
  Parameters<typeof articleRoutes>[0] &
  Parameters<typeof debateRoutes>[0] &
  Parameters<typeof replayRoutes>[0] &
  Parameters<typeof deadLetterRoutes>[0] &
  Parameters<typeof parkedRoutes>[0] &
  Parameters<typeof sloRoutes>[0] &
  Parameters<typeof systemRoutes>[0] &
  Parameters<typeof usageRoutes>[0] &
  Parameters<typeof eventRoutes>[0] &
  Parameters<typeof streamListRoutes>[0];

/** Every route that is documented, in the order of the document. @param shown the kinds whose events have routes */
export function routesOf(parts: RouteParts, shown: readonly AnyFeature[] = features): Route[] {
  return [
    ...debateRoutes(parts),
    ...replayRoutes(parts),
    ...articleRoutes(parts),
    ...streamListRoutes(parts),
    ...shown.flatMap(({ kind }) => eventRoutes(parts, kind)),
    ...ticketRoutes(parts),
    ...keyRoutes(parts),
    ...auditRoutes(parts),
    ...systemRoutes(parts),
    ...parkedRoutes(parts),
    ...deadLetterRoutes(parts),
    ...usageRoutes(parts),
    ...sloRoutes(parts),
  ];
}
