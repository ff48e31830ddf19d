import { topics } from '@parley/contracts';
import { type SystemView, systemView } from '@parley/contracts/http';
import { statusEverySeconds } from '@parley/runtime/status-report.ts';
import type { Database } from '@parley/spine';
import { everyTenant, onBehalfOf } from '../access/tenant.ts';
import { faults, json } from '../api/openapi-answers.ts';
import { type Route, route } from '../api/route.ts';
import { systemOf } from '../domain/system.ts';
import type { DeadLetterStore } from './dead-letter-store.ts';
import type { StatusBoard } from './status-board.ts';

export interface SystemDeps {
  readonly db: Database;
  readonly board: Pick<StatusBoard, 'read'>;
  readonly deadLetters: DeadLetterStore;
}

/** State of the services, which belong to the whole of Parley and not to a tenant: numbers alone, and for admins. */
export function systemRoutes({ db, board, deadLetters }: SystemDeps): Route[] {
  const listeningSince = new Date().toISOString();
  return [
    route({
      method: 'get',
      path: '/v1/system',
      id: 'getSystem',
      needs: 'admin',
      summary: 'How every service does, by the last report of each of its processes.',
      responses: {
        200: json(systemView, 'As this gateway has heard; a process that is silent is shown as that.'),
        ...faults,
      },
      async handle() {
        const at = {
          nowMs: performance.now(),
          everyMs: statusEverySeconds * 1_000,
          services: topics.status.owner,
          deadLetters: await deadLetters.counts(onBehalfOf(db, everyTenant)),
        };
        const services = systemOf(board.read(), at);
        return { body: { listeningSince, everySeconds: statusEverySeconds, services } satisfies SystemView };
      },
    }),
  ];
}
