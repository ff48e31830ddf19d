import { createServer, type Server } from 'node:http';
import { ParleyError } from '@parley/contracts';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import { openMetricsOf, openMetricsType } from './exemplars.ts';
import { healthRoutes, type ReadyCheck } from './health.ts';
import { measureHttp } from './http-metrics.ts';
import type { Logger } from './logger.ts';
import { notFound, onlyJson, onlyUtf8, problemHandler } from './problem.ts';
import { traceparentOf } from './trace-context.ts';
import { asksForWebSocket, routeUpgrades } from './upgrade.ts';

export interface WebOptions {
  readonly routers: readonly RequestHandler[];
  readonly registry: Registry;
  readonly logger: Logger;
  readonly ready: Readonly<Record<string, ReadyCheck>>;
  /** Throws when only a restart can help. About this process alone: a database that is away is no reason to restart. */
  readonly alive?: ReadyCheck;
  /** Faults in another form than problem+json, for the paths that have one; passes on all others. */
  readonly faults?: ErrorRequestHandler | undefined;
  /** Addresses and networks whose X-Forwarded-* headers are believed; nobody's by default. */
  readonly trustedProxies?: readonly string[] | undefined;
}

const bodyLimit = '64kb';

/** The HTTP side of every service: trace context, JSON bodies, health, metrics, problems. */
export function createWeb(options: WebOptions): Express {
  const web = express();
  web.disable('x-powered-by');
  web.set('etag', false);
  if (options.trustedProxies !== undefined) web.set('trust proxy', [...options.trustedProxies]);
  web.use(measureHttp(options.registry));
  web.use((request, response, next) => {
    response.locals.traceparent = traceparentOf(request.get('traceparent'));
    response.set('X-Content-Type-Options', 'nosniff');
    next();
  });
  web.use(healthRoutes(options.ready, options.alive ?? (async () => 'ok')));
  web.get('/metrics', async (request, response) => {
    const { registry } = options;
    // A client that does not name it gets the text that people read.
    const isOpenMetrics = request.get('Accept')?.includes('application/openmetrics-text') ?? false;
    response.vary('Accept').type(isOpenMetrics ? openMetricsType : registry.contentType);
    response.send(await (isOpenMetrics ? openMetricsOf(registry) : registry.metrics()));
  });
  web.use(express.json({ limit: bodyLimit, strict: true, type: ['json', '+json'], verify: onlyUtf8 }), onlyJson);
  for (const router of options.routers) web.use(router);
  web.use(notFound);
  if (options.faults !== undefined) web.use(options.faults);
  web.use(problemHandler(options.logger));
  return web;
}

export interface Listening {
  readonly port: number;
  /** Serves on, but asks every client to come back on another connection: balancers that have heard send it elsewhere. */
  leave(): void;
  /** Takes no new connections, lets requests end for `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
}

/** @throws ParleyError PORT_IN_USE */
export function listen(web: Express, port: number, host: string): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = createServer({ shouldUpgradeCallback: asksForWebSocket }, web).listen(port, host);
    const cutUpgraded = routeUpgrades(server, web);
    let isLeaving = false;
    server.prependListener('request', (_request, response) => {
      if (isLeaving) response.setHeader('Connection', 'close');
    });
    // A client that keeps its connection would hold up the end, and go on asking, for as long as it likes.
    server.on('request', (_request, response) => {
      response.once('close', () => {
        if (!server.listening) server.closeIdleConnections();
      });
    });
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const text =
        cause.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is taken. Stop what listens there, or set PORT to a free one.`
          : `Cannot listen on ${host}:${port}: ${cause.message}.`;
      reject(new ParleyError('PORT_IN_USE', text, { cause }));
    });
    server.once('listening', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        leave() {
          isLeaving = true;
        },
        close: (graceMs) => closeServer(server, graceMs, cutUpgraded),
      });
    });
  });
}

function closeServer(server: Server, graceMs: number, cutUpgraded: () => void): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      server.closeAllConnections();
      cutUpgraded();
    }, graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
