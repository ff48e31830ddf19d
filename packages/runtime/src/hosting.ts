import { setTimeout as wait } from 'node:timers/promises';
import { ParleyError } from '@parley/contracts';
import { createHousekeeping, createWriteCheck, type Database } from '@parley/spine';
import { type RequestHandler, Router } from 'express';
import type { Registry } from 'prom-client';
import type { ReadyCheck } from './health.ts';
import type { Logger } from './logger.ts';
import type { ConfiguredService, HostedService } from './service-module.ts';
import { createWeb, type Listening, listen } from './web.ts';

export interface HostingOptions {
  readonly db: Database;
  /** Schemas of all services here. Readiness tries to write to the first. */
  readonly schemas: readonly string[];
  readonly services: readonly ConfiguredService[];
  readonly registry: Registry;
  readonly logger: Logger;
  /** What must work beside the database. */
  readonly ready: Readonly<Record<string, ReadyCheck>>;
  readonly alive?: ReadyCheck;
}

/** One process's server, readiness, housekeeping and end, whether it hosts one service or all of them. */
export interface Hosting {
  /**
   * Resolves to the port.
   * @throws ParleyError PORT_IN_USE
   */
  listen(port: number, host: string): Promise<number>;
  /** Says at /readyz what the start waits for. */
  waitFor(reason: string | undefined): void;
  /** Says at /readyz how something else is that this process needs. */
  watch(name: string, check: ReadyCheck): void;
  /** Hands requests to these services. Before it every client is asked to come again. */
  serve(services: readonly HostedService[]): void;
  /** Starts the services, the last one first, and is ready: through the first come commands that the others read. */
  start(): Promise<void>;
  /** Says that it is ready no more, tells clients and services so, and serves for `noticeMs` more. */
  leave(noticeMs: number): Promise<void>;
  /** Ends housekeeping and the server. */
  close(): Promise<void>;
  /** Stops the services, which let what they execute end. */
  stop(): Promise<void>;
}

/** Ids of handled inputs are known for longer than the topics keep messages. */
const housekeeping = { everyMs: 60_000, dedupeHours: 8 * 24 } as const;
/** Longest time for requests and effects to go on when a process ends. */
export const drain = { httpMs: 3_000, effectsMs: 3_000 } as const;
/** Pause after which a client is asked to come again and a start looks again for what it waits for, in milliseconds. */
export const waitMs = 2_000;

export function createHosting(options: HostingOptions): Hosting {
  const { db, schemas, registry, logger } = options;
  let state: 'starting' | 'serving' | 'draining' = 'starting';
  let awaited: string | undefined;
  let services: readonly HostedService[] = [];
  let listening: Listening | undefined;
  let routes = notYet;
  const ready: Record<string, ReadyCheck> = {
    accepting: async () => {
      if (state !== 'serving') throw new Error(awaited === undefined ? state : `${state}: ${awaited}`);
      return 'yes';
    },
    database: createWriteCheck({ db, schema: schemas[0] ?? '' }),
    ...options.ready,
  };
  const web = createWeb({
    routers: [(request, response, next) => routes(request, response, next)],
    registry,
    logger,
    faults: (thrown, request, response, next) => {
      const { faults } = services.find((each) => each.faults !== undefined) ?? {};
      if (faults === undefined) next(thrown);
      else faults(thrown, request, response, next);
    },
    trustedProxies: options.services.flatMap((each) => each.trustedProxies ?? []),
    ready,
    ...(options.alive === undefined ? {} : { alive: options.alive }),
  });
  const keeper = createHousekeeping({
    db,
    schemas,
    ...housekeeping,
    onTrouble: (err) => logger.warn({ err }, 'Housekeeping failed; the next run is in 60 s.'),
  });
  return {
    async listen(port, host) {
      listening = await listen(web, port, host);
      return listening.port;
    },
    waitFor(reason) {
      awaited = reason;
    },
    watch(name, check) {
      ready[name] = check;
    },
    serve(hosted) {
      services = hosted;
      routes = inTurn(hosted.flatMap((each) => each.routes ?? []));
    },
    async start() {
      for (const service of services.toReversed()) await service.start();
      keeper.start();
      state = 'serving';
    },
    async leave(noticeMs) {
      state = 'draining';
      listening?.leave();
      await Promise.all(services.map((service) => service.leave?.()));
      await wait(noticeMs);
    },
    async close() {
      keeper.stop();
      await listening?.close(drain.httpMs);
    },
    stop: async () => void (await Promise.all(services.map((service) => service.stop(drain.effectsMs)))),
  };
}

function inTurn(handlers: readonly RequestHandler[]): RequestHandler {
  const [only, ...others] = handlers;
  if (only !== undefined && others.length === 0) return only;
  const router = Router();
  for (const handler of handlers) router.use(handler);
  return router;
}

const notYet: RequestHandler = (_request, _response, next) => {
  next(new ParleyError('DATABASE_UNAVAILABLE', 'This process is starting.', { retryable: true, retryAfterMs: waitMs }));
};
