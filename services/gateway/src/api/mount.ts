import { onlyMethods, parse } from '@parley/runtime';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { keylessContextOf, requestContextOf } from './request-context.ts';
import type { Route } from './route.ts';
import { demand } from './scope.ts';

const nothing = z.strictObject({});

/** A router that serves the routes, and names the methods that a path has to a request with another one. */
export function mount(routes: readonly Route[]): Router {
  const router = Router();
  const paths = Map.groupBy(routes, ({ path }) => path);
  for (const [path, onPath] of paths) {
    const at = path.replace(/\{(\w+)\}/g, ':$1');
    const methods = onPath.map(({ method }) => method.toUpperCase()).sort();
    for (const one of onPath) {
      const refuse = onlyMethods(...methods);
      router[one.method](at, async (request, response, next) => {
        if (one.isUnsafe === true && request.method === 'HEAD') return refuse(request, response, next);
        return answer(one, request, response);
      });
    }
    router.all(at, onlyMethods(...methods));
  }
  return router;
}

async function answer(route: Route, request: Request, response: Response): Promise<void> {
  demand(response, route.needs);
  const takesKey = route.headers !== undefined && 'Idempotency-Key' in route.headers.shape;
  const call = {
    params: parse(route.params ?? nothing, request.params, 'path'),
    query: route.query === undefined ? {} : parse(route.query, request.query, 'query'),
    body: route.body === undefined ? {} : parse(route.body.schema, request.body ?? {}, 'body'),
    context: takesKey ? requestContextOf(request, response) : keylessContextOf(response),
  };
  const reply = 'stream' in route ? await route.stream(call, request, response) : await route.handle(call);
  if (reply === undefined) return;
  response.status(reply.status ?? 200).set({ ...reply.headers });
  if (reply.body === undefined) response.end();
  else response.json(reply.body);
}
