import { probeTenant, topics } from '@parley/contracts';
import type { Caller } from '@parley/contracts/http';
import { createDeadLetters, createStatusReport, measureAs, newId, newSecret, traceSpine } from '@parley/runtime';
import { createOutbox } from '@parley/spine';
import { type RequestHandler, Router } from 'express';
import { Registry } from 'prom-client';
import { createAccess } from './access/access.ts';
import { browserHeaders } from './access/headers.ts';
import { everyTenant, onBehalfOf } from './access/tenant.ts';
import { documentRoutes } from './api/document-routes.ts';
import { mount } from './api/mount.ts';
import { demand } from './api/scope.ts';
import { degrade } from './domain/degradation.ts';
import { createDebates } from './features/debates/debates.ts';
import { features, type OwnParts } from './features/features.ts';
import { createReplays } from './features/replays/replays.ts';
import type { Gateway, GatewayDeps } from './gateway-deps.ts';
import { measureDegraded, measureProbes, measurePushes } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import { createBudgets } from './operating/budgets.ts';
import { consoleRoutes } from './operating/console.ts';
import { createDeadLetterProjection, deadLetterTopics } from './operating/dead-letter-projection.ts';
import { deadLetterStore } from './operating/dead-letter-store.ts';
import { holdProbe } from './operating/hold-probe.ts';
import { probeStore } from './operating/probe-store.ts';
import { createProbes } from './operating/probes.ts';
import { fromProcess, fromPrometheus } from './operating/slo-sources.ts';
import { createStatusBoard } from './operating/status-board.ts';
import { createAddressCheck } from './out/allowed-origin.ts';
import { createFetchText } from './out/fetch-text.ts';
import { createPostJson } from './out/post-json.ts';
import { pushConfigStore } from './protocols/a2a/push-config-store.ts';
import { createPushSender } from './protocols/a2a/push-sender.ts';
import { a2aRoutes, cardRoutes } from './protocols/a2a/routes.ts';
import { agUiRoutes } from './protocols/ag-ui/routes.ts';
import { mcpRoutes } from './protocols/mcp/routes.ts';
import { createNeededScope } from './protocols/needed-scope.ts';
import { openAiRoutes } from './protocols/openai/routes.ts';
import { protocolFaults } from './protocols/protocol-faults.ts';
import { createPruning } from './pruning.ts';
import { routesOf } from './routes.ts';
import { gatewaySchema } from './schema.ts';
import type { AgentPort } from './streams/agent-port.ts';
import { createCommand } from './streams/command.ts';
import { openConnectionStore } from './streams/connection-store.ts';
import { createConnections } from './streams/connections.ts';
import { eventStore } from './streams/event-store.ts';
import { featuresByKind } from './streams/feature.ts';
import { startFeed } from './streams/feed.ts';
import { createHub } from './streams/hub.ts';
import { idempotencyStore } from './streams/idempotency-store.ts';
import { createParkedProjection } from './streams/parked-projection.ts';
import { parkedStore } from './streams/parked-store.ts';
import { createProjection } from './streams/projection.ts';
import { createQuota } from './streams/quota.ts';
import { streamStore } from './streams/stream-store.ts';
import { createStreams } from './streams/streams.ts';
import { usageStore } from './streams/usage-store.ts';
import { createWebSockets } from './streams/web-socket.ts';

export type { Gateway, GatewayDeps } from './gateway-deps.ts';
export { readDegradation } from './operating/degradation-file.ts';
export { readPrices } from './operating/prices-file.ts';
export { gatewaySchema } from './schema.ts';

/** How long an Idempotency-Key is known. */
const keptHours = 24;
/** Where users ask: what availability is counted over (slo/gateway.yaml). */
const apiPrefixes = ['/v1', '/a2a', '/ag-ui', '/agent', '/mcp'] as const;
/** As long as the topics of dead letters keep them. */
const deadLetterHours = 30 * 24;
const service = 'gateway';
const { schema } = gatewaySchema;

/** The HTTP face, on a migrated schema: takes commands, answers from its own projections, streams events. */
export async function createGateway(deps: GatewayDeps): Promise<Gateway> {
  const { db, bus, logger } = deps;
  const pollMs = deps.pollMs ?? 1_000;
  const hub = createHub();
  const { everySeconds, model } = deps.probe ?? { everySeconds: 0, model: '' };
  const probeMetrics = deps.registry === undefined ? undefined : measureProbes(deps.registry, everySeconds);
  /** By which the gateway knows its own requests: every process makes one anew. */
  const probeCaller: Caller = { tenant: probeTenant, subject: 'probe', scopes: new Set(['write']) };
  const probe = { token: newSecret(), caller: probeCaller };
  const usage = usageStore(schema);
  const prices = deps.prices ?? {};
  const events = eventStore(schema);
  const parked = parkedStore(schema);
  const store = streamStore(schema);
  const shown = [...features, ...(deps.features ?? [])];
  const kinds = featuresByKind(shown);
  const deadLetters = deadLetterStore(schema);
  const handling = { service, system: bus.system };
  const report = deps.replica && createStatusReport({ bus, service, replica: deps.replica });
  const hooks = report === undefined ? deps.hooks : report.watching(deps.hooks);
  const outbox = createOutbox({
    db,
    schema,
    service,
    bus,
    pollMs,
    hooks: traceSpine(handling, hooks),
    ...(deps.failpoint === undefined ? {} : { failpoint: deps.failpoint }),
  });
  const dead = createDeadLetters({
    bus,
    group: service,
    logger,
    onLetter: (topic) => hooks?.onDeadLetter?.(topic),
  });
  const check = createAddressCheck({ origins: deps.evidenceOrigins ?? [] });
  const pushConfigs = pushConfigStore(schema);
  const pushes = createPushSender({
    db,
    configs: pushConfigs,
    events,
    post: createPostJson(check),
    pollMs,
    logger,
    agentOf: (name) => agents.find((agent) => agent.name === name),
    ...(deps.registry === undefined ? {} : { onPush: measurePushes(deps.registry) }),
  });
  const project = dead.sparing(
    createProjection({
      db,
      features: kinds,
      streams: store,
      events,
      parked: createParkedProjection({ features: kinds, parked, events }),
      hub,
      logger,
      handling,
      onFresh: pushes.wake,
    }),
  );
  const stopFeed = await startFeed({
    db,
    bus,
    service,
    hub,
    project,
    others: { topics: deadLetterTopics, handle: createDeadLetterProjection({ db, deadLetters, logger }) },
    onNews: pushes.wake,
    onInvalid: dead.record,
  });
  // Without an origin that may be asked there is nobody to tell.
  const hasPush = (deps.evidenceOrigins ?? []).length > 0;
  const board = createStatusBoard();
  const stopStatus = bus.onBroadcast(topics.status.name, board.hear);

  const idempotency = idempotencyStore(schema);
  const probing = probeStore(schema);
  const probes = createProbes({
    db,
    store: probing,
    everySeconds,
    metrics: probeMetrics,
    logger,
    hold: (how) =>
      holdProbe({ ...how, origin: deps.origin?.() ?? '', headers: { authorization: `Bearer ${probe.token}` }, model }),
  });
  const origins = deps.origins ?? [];
  const access = createAccess({
    ...{ db, schema, logger, origins, own: probe },
    auth: deps.auth,
    requestsPerMinute: deps.requestsPerMinute,
  });
  const { apiKeyService, audit, tickets } = access;
  const webSockets = createWebSockets();
  const readStanding =
    deps.prometheusUrl === undefined
      ? fromProcess(deps.registry ?? new Registry())
      : fromPrometheus(deps.prometheusUrl);
  const degradation = deps.degradation ?? [];
  const onDegraded = deps.registry && measureDegraded(deps.registry, degradation);
  const budgets = createBudgets({ readStanding, logger });
  // A place in the count belongs to one process, however it is named elsewhere.
  const openConnections = openConnectionStore(schema, newId());
  const connections = createConnections({ db, logger, store: openConnections, mostPerTenant: deps.streamsPerTenant });
  const checkQuota = createQuota(usage, deps.tokensPerDay);
  const command = createCommand({ db, outbox, idempotency, audit });
  const streams = createStreams({ db, store, events, connections, hub, pollMs });
  const debates = createDebates({
    command,
    streams,
    store,
    prices,
    fetchText: createFetchText({ origins: deps.evidenceOrigins ?? [] }),
    checkQuota,
    degrade: (asked) => degrade(asked, budgets.now(), degradation),
    ...(onDegraded === undefined ? {} : { onDegraded }),
  });
  const replays = createReplays({ command, checkQuota, debates, streams, store });
  const own: OwnParts = { checkQuota, command, debates, replays, store, streams };
  const agents = shown.flatMap((feature): readonly AgentPort[] => feature.agents?.(own) ?? []);
  const heartbeat = deps.heartbeatMs === undefined ? {} : { heartbeatMs: deps.heartbeatMs };
  const documented = routesOf(
    {
      ...own,
      ...{ apiKeyService, audit, board, connections, db, deadLetters, kinds, origins },
      ...{ parked, prices, readStanding, tickets, usage, webSockets, ...heartbeat },
      ...(deps.patienceMs === undefined ? {} : { patienceMs: deps.patienceMs }),
    },
    shown,
  );
  const neededScope = createNeededScope(documented);
  const everybody = onBehalfOf(db, everyTenant);
  const pruning = createPruning(
    [
      () => idempotency.prune(everybody, keptHours),
      access.prune,
      () => deadLetters.prune(everybody, deadLetterHours),
      () => openConnections.prune(db),
      () => probing.prune(db),
    ],
    logger,
  );
  const push = hasPush ? { db, configs: pushConfigs, check, wake: pushes.wake } : undefined;
  const routes = Router();
  /** For everybody: nothing of a tenant is in them. */
  const open: RequestHandler[] = [
    documentRoutes(openApiDocument),
    consoleRoutes(deps.traceUrl),
    cardRoutes(agents, { isGuarded: access.isGuarded, hasPush }),
  ];
  /** Protocols, for callers whom the guard has made known. */
  const guarded: RequestHandler[] = [
    openAiRoutes({ agents, ...heartbeat }),
    mcpRoutes({ agents, routes: documented, features: shown, streams, logger }),
    a2aRoutes({ agents, logger, push, ...heartbeat }),
    agUiRoutes({ agents, logger, ...heartbeat }),
  ];
  for (const face of apiPrefixes) routes.use(face, measureAs(`${face}/*`));
  routes.use(...browserHeaders(origins), ...open);
  // What passes here and is not answered, such as routes that another service mounts behind, is guarded too.
  routes.use(...access.guards);
  routes.use(mount(documented), (request, response, next) => {
    demand(response, neededScope(request));
    next();
  });
  routes.use(...guarded);
  return {
    routes,
    faults: protocolFaults(logger, agents),
    watchers: hub.count,
    async start() {
      await outbox.start();
      if (hasPush) pushes.start();
      report?.start();
      pruning.start();
      if (everySeconds > 0) probes.start();
      if (degradation.length > 0) await budgets.start();
    },
    async leave() {
      report?.leave();
      webSockets.leave();
      await probes.stop();
    },
    async stop() {
      pruning.stop();
      await probes.stop();
      await budgets.stop();
      await pushes.stop();
      stopStatus();
      access.stop();
      await connections.stop();
      await stopFeed();
      await outbox.stop();
    },
  };
}
