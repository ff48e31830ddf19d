import type { Scope } from '@parley/contracts/http';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Operation } from './openapi-builder.ts';
import type { RequestContext } from './request-context.ts';
import type { RouteTool } from './route-tool.ts';

/** What a route is asked: everything parsed that it declares. */
export interface Asked<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

/** One call of a route, by whatever protocol. */
export interface Call<Params = unknown, Query = unknown, Body = unknown> extends Asked<Params, Query, Body> {
  readonly context: RequestContext;
}

/** What a route answers; JSON unless there is no body. */
export interface Reply {
  /** 200 if absent. */
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Served extends Operation {
  /** Scope that the caller's credential must have. */
  readonly needs: Scope;
  /** The GET changes state: HEAD, which promises to change nothing, is refused. */
  readonly isUnsafe?: boolean;
}

/** A route that only answers, so that not only HTTP can ask it. */
export interface AnsweringRoute extends Served {
  /** The route as a tool, if it is one. */
  readonly tool?: RouteTool;
  handle(call: Call): Promise<Reply> | Reply;
}

/** A route that takes the response over and returns nothing, unless it answers after all. */
export interface StreamingRoute extends Served {
  stream(call: Call, request: Request, response: Response): Promise<Reply | undefined>;
}

/** An operation together with what it needs and does: what is documented is what is served. */
export type Route = AnsweringRoute | StreamingRoute;

interface Typed<P extends z.ZodObject, Q extends z.ZodType, B extends z.ZodType> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: Omit<NonNullable<Operation['body']>, 'schema'> & { readonly schema: B };
}
type Untyped<R extends Route> = Omit<R, keyof Typed<z.ZodObject, z.ZodType, z.ZodType> | 'handle' | 'stream'>;
type TypedCall<P, Q, B> = Call<z.infer<P>, z.infer<Q>, z.infer<B>>;

/** A route whose handler knows the types of its parameters, query and body. */
export function route<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
>(
  definition: Untyped<AnsweringRoute> & Typed<P, Q, B> & { handle(call: TypedCall<P, Q, B>): Promise<Reply> | Reply },
): AnsweringRoute {
  return definition as unknown as AnsweringRoute;
}

/** The same for a route that streams. */
export function streamingRoute<P extends z.ZodObject = z.ZodObject, Q extends z.ZodType = z.ZodType>(
  definition: Untyped<StreamingRoute> &
    Typed<P, Q, z.ZodType> & {
      stream(call: TypedCall<P, Q, z.ZodType>, request: Request, response: Response): Promise<Reply | undefined>;
    },
): StreamingRoute {
  return definition as unknown as StreamingRoute;
}
