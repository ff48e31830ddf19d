import { audienceOf } from '@parley/contracts';
import type { Request, RequestHandler, Response } from 'express';
import type { Histogram, Registry } from 'prom-client';
import { createTraced, observeTraced } from './exemplars.ts';

const name = 'parley_http_request_seconds';
const labelNames = ['method', 'route', 'status', 'audience'] as const;
type Requests = Histogram<(typeof labelNames)[number]>;

/** What clients may call a method; anything else is one label, because the client chooses the word. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Times every request from its arrival to the first byte of its answer, so that an event stream of an hour counts like
 * any other answer. Labels are the route's pattern, never the path that was asked for.
 */
export function measureHttp(registry: Registry): RequestHandler {
  const requests = requestsOf(registry);
  return (request, response, next) => {
    const beganAt = performance.now();
    let isCounted = false;
    const count = (status: string): void => {
      if (isCounted) return;
      isCounted = true;
      const method = methods.has(request.method) ? request.method : 'OTHER';
      const { caller, traceparent } = response.locals;
      const labels = { method, route: routeOf(request, response), status, audience: audienceOf(caller?.tenant) };
      observeTraced(requests, labels, (performance.now() - beganAt) / 1_000, traceparent);
    };
    const { writeHead } = response;
    // Node tells nobody when headers go out; every answer passes through here, also the ones with implicit headers.
    response.writeHead = ((...args: Parameters<typeof writeHead>) => {
      count(String(args[0]));
      return writeHead.apply(response, args);
    }) as typeof writeHead;
    response.once('close', () => count('aborted'));
    next();
  };
}

/** One histogram a registry, however many servers share it. */
function requestsOf(registry: Registry): Requests {
  const known = registry.getSingleMetric(name);
  if (known !== undefined) return known as Requests;
  return createTraced(registry, {
    name,
    help: 'Time from a request to the first byte of its answer; status "aborted" where the client left before.',
    labelNames,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
}

/** What is asked for below a path, where a request is answered before a route has it: by a guard, a limit, a database. */
export function measureAs(route: string): RequestHandler {
  return (_request, response, next) => {
    response.locals.measuredAs = route;
    next();
  };
}

function routeOf(request: Request, response: Response): string {
  const pattern: unknown = request.route?.path;
  return typeof pattern === 'string'
    ? `${request.baseUrl.toLowerCase()}${pattern}`
    : (response.locals.measuredAs ?? 'none');
}
