import { auditRoutes } from './access/audit-routes.ts';
import { keyRoutes } from './access/key-routes.ts';
import { ticketRoutes } from './access/ticket-routes.ts';
import type { Route } from './api/route.ts';
import { features, type OwnParts } from './features/features.ts';
import { deadLetterRoutes } from './operating/dead-letter-routes.ts';
import { parkedRoutes } from './operating/parked-routes.ts';
import { sloRoutes } from './operating/slo-routes.ts';
import { systemRoutes } from './operating/system-routes.ts';
import { usageRoutes } from './operating/usage-routes.ts';
import { eventRoutes } from './streams/event-routes.ts';
import type { AnyFeature } from './streams/feature.ts';
import { streamListRoutes } from './streams/list-routes.ts';

/** What routes work on; each takes the parts that it names. */
export type RouteParts = OwnParts &
  Parameters<typeof keyRoutes>[0] &
  Parameters<typeof auditRoutes>[0] &
  Parameters<typeof ticketRoutes>[0] &
  Parameters<typeof deadLetterRoutes>[0] &
  Parameters<typeof parkedRoutes>[0] &
  Parameters<typeof sloRoutes>[0] &
  Parameters<typeof systemRoutes>[0] &
  Parameters<typeof usageRoutes>[0] &
  Parameters<typeof eventRoutes>[0] &
  Parameters<typeof streamListRoutes>[0];

/** Every route that is documented, in the order of the document. @param shown every kind of stream */
export function routesOf(parts: RouteParts, shown: readonly AnyFeature[] = features): Route[] {
  return [
    ...shown.flatMap((feature) => feature.routes?.(parts) ?? []),
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
