import type { Caller } from '@parley/contracts/http';
import type { Logger } from '@parley/runtime';
import type { Database } from '@parley/spine';
import type { RequestHandler } from 'express';
import type { Identify } from '../domain/access.ts';
import { createApiKeyService } from './api-key-service.ts';
import { apiKeyStore } from './api-key-store.ts';
import { auditStore } from './audit-store.ts';
import { createGuard } from './guard.ts';
import { createIdentify, keysChannel } from './identify.ts';
import { createJwtReader, type JwtOptions } from './jwt.ts';
import { onlyThisMachine } from './origin.ts';
import { limitRequests } from './rate-limit.ts';
import { pruneRateLimits } from './rate-limit-store.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { createRefusals } from './refusals.ts';
import { everyTenant, onBehalfOf } from './tenant.ts';
import { ticketStore } from './ticket-store.ts';

export interface AccessDeps {
  readonly db: Database;
  readonly schema: string;
  readonly logger: Logger;
  /** Without it everybody may do everything as the default tenant, from this machine. */
  readonly auth?: { readonly jwt?: JwtOptions | undefined } | undefined;
  /** Origins of pages that may ask, beside this server's own. */
  readonly origins: readonly string[];
  /** Requests of a tenant in a minute, over all replicas; without it any number. */
  readonly requestsPerMinute: number | undefined;
  /** What this process shows when it asks itself. */
  readonly own: { readonly token: string; readonly caller: Caller };
}

/** Who may ask, and how often: keys, tokens, tickets, limits, and the log of who did what. */
export function createAccess({ db, schema, logger, auth, origins, requestsPerMinute, own }: AccessDeps) {
  const apiKeys = apiKeyStore(schema);
  const audit = auditStore(schema);
  const tickets = ticketStore(schema);
  const jwt = auth?.jwt;
  const gatekeeper = createIdentify({ db, apiKeys, readJwt: jwt === undefined ? undefined : createJwtReader(jwt) });
  const identify: Identify | undefined = auth === undefined ? undefined : gatekeeper.identify;
  const apiKeyService = createApiKeyService({
    db,
    apiKeys,
    audit,
    onChanged(id) {
      gatekeeper.forget(id);
      db.signals.tell(keysChannel, id);
    },
  });
  const guard = createGuard({
    identify,
    own,
    redeem: (ticket) => tickets.redeem(onBehalfOf(db, everyTenant), ticket),
    onRefused: createRefusals({ db, audit, logger }),
  });
  const guards: RequestHandler[] = auth === undefined ? [onlyThisMachine(origins), guard] : [guard];
  if (requestsPerMinute !== undefined)
    guards.push(limitRequests(requestsPerMinute, createRateLimiter(db, schema, requestsPerMinute)));

  return {
    apiKeyService,
    audit,
    tickets,
    /** Handlers before all routes of callers, in this order. */
    guards,
    isGuarded: identify !== undefined,
    /** Forgets tickets and counts that nobody can use any more. */
    async prune(): Promise<void> {
      await tickets.prune(onBehalfOf(db, everyTenant));
      await pruneRateLimits(db, schema);
    },
    stop: gatekeeper.stop,
  };
}
