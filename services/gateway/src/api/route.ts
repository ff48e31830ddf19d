import type { Caller, Scope } from '@parley/contracts/http';
import { callerOf, onlyMethods, parse } from '@parley/runtime';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Operation } from './openapi-builder.ts';
import { demand } from './scope.ts';

/** One request of a route, with everything parsed that the route declares. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly request: Request;
  readonly response: Response;
}

/** What a route answers; JSON unless there is no body. */
export interface Reply {
  /** 200 if absent. */
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An operation together with what it needs and does: what is documented is what is served. */
export interface Route extends Operation {
  /** Scope that the caller's credential must have. */
  readonly needs: Scope;
  /** The GET changes state: HEAD, which promises to change nothing, is refused. */
  readonly isUnsafe?: boolean;
  /** Answers, or takes the response over and returns nothing. */
  handle(call: Call<unknown, unknown, unknown>): Promise<Reply | undefined> | Reply | undefined;
}

interface Definition<P extends z.ZodObject, Q extends z.ZodType, B extends z.ZodType>
  extends Omit<Route, 'params' | 'query' | 'body' | 'handle'> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: Omit<NonNullable<Operation['body']>, 'schema'> & { readonly schema: B };
  handle(call: Call<z.infer<P>, z.infer<Q>, z.infer<B>>): Promise<Reply | undefined> | Reply | undefined;
}

/** A route whose handler knows the types of its parameters, query and body. */
export function route<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
>(definition: Definition<P, Q, B>): Route {
  return definition as unknown as Route;
}

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
  const reply = await route.handle({
    params: parse(route.params ?? nothing, request.params, 'path'),
    query: route.query === undefined ? {} : parse(route.query, request.query, 'query'),
    body: route.body === undefined ? {} : parse(route.body.schema, request.body ?? {}, 'body'),
    caller: callerOf(response),
    request,
    response,
  });
  if (reply === undefined) return;
  response.status(reply.status ?? 200).set({ ...reply.headers });
  if (reply.body === undefined) response.end();
  else response.json(reply.body);
}
