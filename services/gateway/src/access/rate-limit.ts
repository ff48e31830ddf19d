import { ParleyError, probeTenant } from '@parley/contracts';
import { callerOf } from '@parley/runtime';
import type { RequestHandler } from 'express';
import type { TakeRequest } from './rate-limiter.ts';

/** Limits each tenant's requests a minute. Stands after the guard. Source: draft-ietf-httpapi-ratelimit-headers-06. */
export function limitRequests(perMinute: number, take: TakeRequest): RequestHandler {
  return async (_request, response, next) => {
    const { tenant } = callerOf(response);
    if (tenant === probeTenant) {
      next();
      return;
    }
    const { isAllowed, left, resetMs } = await take(tenant);
    response.set({
      'RateLimit-Limit': String(perMinute),
      'RateLimit-Remaining': String(left),
      'RateLimit-Reset': String(Math.ceil(resetMs / 1_000)),
    });
    if (!isAllowed) {
      throw new ParleyError(
        'RATE_LIMITED',
        `Tenant ${tenant} has made its ${perMinute} requests of this minute. Ask again after Retry-After seconds, or have PARLEY_TENANT_REQUESTS_PER_MINUTE raised.`,
        { retryAfterMs: resetMs },
      );
    }
    next();
  };
}
