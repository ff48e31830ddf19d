import { type Caller, type DeltaV1, probeTenant, topics } from '@parley/contracts';
import { createDeadLetters, createStatusReport, measureAs, newId, newSecret, traceSpine } from '@parley/runtime';
import { createOutbox } from '@parley/spine';
import { type RequestHandler, Router } from 'express';
import { Registry } from 'prom-client';
import { createApiKeyService } from './api-key-service.ts';
import type { Identify } from './domain/access.ts';
import { degrade } from './domain/degradation.ts';
import type { Gateway, GatewayDeps } from './gateway-deps.ts';
import { createPushSender } from './in/a2a/push-sender.ts';
import { a2aRoutes, cardRoutes } from './in/a2a/routes.ts';
import { agUiRoutes } from './in/ag-ui/routes.ts';
import { articleRoutes } from './in/article.ts';
import { auditRoutes } from './in/audit.ts';
import { createBudgets } from './in/budgets.ts';
import { createCommand } from './in/command.ts';
import { createConnections } from './in/connections.ts';
import { consoleRoutes } from './in/console.ts';
import { createDeadLetterProjection, deadLetterTopics, isDeadLetterTopic } from './in/dead-letter-projection.ts';
import { deadLetterRoutes } from './in/dead-letters.ts';
import { createDebates } from './in/debates.ts';
import { documentRoutes } from './in/document.ts';
import { createGuard, needsByMethod } from './in/guard.ts';
import { browserHeaders } from './in/headers.ts';
import { debateRoutes } from './in/http.ts';
import { createHub } from './in/hub.ts';
import { createIdentify, keysChannel } from './in/identify.ts';
import { keyRoutes } from './in/keys.ts';
import { mcpRoutes } from './in/mcp/routes.ts';
import { openAiRoutes } from './in/openai/routes.ts';
import { onlyThisMachine } from './in/origin.ts';
import { parkedRoutes } from './in/parked.ts';
import { createProbes } from './in/probes.ts';
import { createProjection, newsChannel } from './in/projection.ts';
import { protocolFaults } from './in/protocol-faults.ts';
import { createQuota } from './in/quota.ts';
import { limitRequests } from './in/rate-limit.ts';
import { createRefusals } from './in/refusals.ts';
import { replayRoutes } from './in/replay-routes.ts';
import { createReplays } from './in/replays.ts';
import { sloRoutes } from './in/slos.ts';
import { createStatusBoard } from './in/status-board.ts';
import { systemRoutes } from './in/system.ts';
import { ticketRoutes } from './in/tickets.ts';
import { usageRoutes } from './in/usage.ts';
import { createWebSockets } from './in/web-socket.ts';
import { measureDegraded, measureProbes, measurePushes } from './metrics.ts';
import { createAddressCheck } from './out/allowed-origin.ts';
import { createFetchText } from './out/fetch-text.ts';
import { holdProbe } from './out/hold-probe.ts';
import { createJwtReader } from './out/jwt.ts';
import { createPostJson } from './out/post-json.ts';
import { createRateLimiter } from './out/rate-limiter.ts';
import { fromProcess, fromPrometheus } from './out/slo-sources.ts';
import { gatewaySchema } from './schema.ts';
import { apiKeyStore } from './store/api-keys.ts';
import { auditStore } from './store/audit.ts';
import { deadLetterStore } from './store/dead-letters.ts';
import { debateStore } from './store/debates.ts';
import { eventStore } from './store/events.ts';
import { idempotencyStore } from './store/idempotency.ts';
import { openConnectionStore } from './store/open-connections.ts';
import { parkedStore } from './store/parked.ts';
import { probeStore } from './store/probes.ts';
import { pushConfigStore } from './store/push-configs.ts';
import { pruneRateLimits } from './store/rate-limits.ts';
import { replayStore } from './store/replays.ts';
import { everyTenant, onBehalfOf } from './store/tenant.ts';
import { ticketStore } from './store/tickets.ts';
import { usageStore } from './store/usage.ts';

export type { Gateway, GatewayDeps } from './gateway-deps.ts';
export { readDegradation } from './out/degradation-file.ts';
export { readPrices } from './out/prices-file.ts';
export { gatewaySchema } from './schema.ts';

/** How long an Idempotency-Key is known, and how often the old ones are forgotten. */
const keys = { keptHours: 24, everyMs: 60 * 60 * 1000 } as const;
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
  const stores = {
    debates: debateStore(schema),
    events: eventStore(schema),
    parked: parkedStore(schema),
    replays: replayStore(schema),
  };
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
    events: stores.events,
    post: createPostJson(check),
    pollMs,
    logger,
    ...(deps.registry === undefined ? {} : { onPush: measurePushes(deps.registry) }),
  });
  const project = dead.sparing(createProjection({ db, hub, logger, handling, usage, ...stores, onFresh: pushes.wake }));
  const projectLetters = createDeadLetterProjection({ db, deadLetters, logger });
  const subscription = await bus.subscribe({
    topics: [topics.debateEvents.name, topics.debaterEvents.name, ...deadLetterTopics],
    group: service,
    handler: (batch) => (isDeadLetterTopic(batch[0]?.topic ?? '') ? projectLetters(batch) : project(batch)),
    // What is no message among the dead letters has no further topic to go to; the bus reports it.
    onInvalid: async (place, raw, reason) => {
      if (!isDeadLetterTopic(place.topic)) await dead.record(place, raw, reason);
    },
  });
  // Without an origin that may be asked there is nobody to tell.
  const hasPush = (deps.evidenceOrigins ?? []).length > 0;
  const board = createStatusBoard();
  const unhearStatus = bus.onBroadcast(topics.status.name, board.hear);
  const stopNews = db.signals.listen(newsChannel, (ids) => {
    pushes.wake();
    if (ids === '') hub.news();
    else for (const id of ids.split(',')) hub.news(id);
  });
  const stopDeltas = bus.onBroadcast(topics.deltas.name, (message) =>
    hub.delta(message.subject, message.data as DeltaV1),
  );

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
  let pruning: NodeJS.Timeout | undefined;

  const apiKeys = apiKeyStore(schema);
  const { jwt } = deps.auth ?? {};
  const gatekeeper = createIdentify({ db, apiKeys, readJwt: jwt === undefined ? undefined : createJwtReader(jwt) });
  const identify: Identify | undefined = deps.auth === undefined ? undefined : gatekeeper.identify;
  const audit = auditStore(schema);
  const apiKeyService = createApiKeyService({
    db,
    apiKeys,
    audit,
    onChanged(id) {
      gatekeeper.forget(id);
      db.signals.tell(keysChannel, id);
    },
  });

  const tickets = ticketStore(schema);
  const origins = deps.origins ?? [];
  const perMinute = deps.requestsPerMinute;
  const onRefused = createRefusals({ db, audit, logger });
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
  const debates = createDebates({
    db,
    command,
    hub,
    pollMs,
    connections: connections,
    prices,
    fetchText: createFetchText({ origins: deps.evidenceOrigins ?? [] }),
    checkQuota,
    degrade: (asked) => degrade(asked, budgets.now(), degradation),
    ...(onDegraded === undefined ? {} : { onDegraded }),
    debates: stores.debates,
    events: stores.events,
  });
  const replays = createReplays({ db, command, checkQuota, debates, replays: stores.replays });
  const heartbeat = deps.heartbeatMs === undefined ? {} : { heartbeatMs: deps.heartbeatMs };
  const push = hasPush ? { db, configs: pushConfigs, check, wake: pushes.wake } : undefined;
  const routes = Router();
  /** For everybody: nothing of a tenant is in them. */
  const open: RequestHandler[] = [
    documentRoutes(),
    consoleRoutes(deps.traceUrl),
    cardRoutes({ isGuarded: identify !== undefined, hasPush }),
  ];
  /** For callers, whom the guard has made known. */
  const guarded: RequestHandler[] = [
    keyRoutes(apiKeyService),
    auditRoutes({ db, audit }),
    usageRoutes({ db, usage, prices }),
    sloRoutes(readStanding),
    systemRoutes({ db, board, deadLetters }),
    parkedRoutes({ db, command, parked: stores.parked }),
    deadLetterRoutes({ db, command, deadLetters }),
    debateRoutes({
      db,
      hub,
      pollMs,
      origins,
      webSockets,
      connections: connections,
      debates,
      events: stores.events,
      ...heartbeat,
      ...(deps.patienceMs === undefined ? {} : { patienceMs: deps.patienceMs }),
    }),
    replayRoutes(replays),
    articleRoutes({ ...stores, db, command, checkQuota }),
    openAiRoutes({ debates, ...heartbeat }),
    mcpRoutes({ debates, replays, readStanding, logger }),
    a2aRoutes({ debates, logger, push, ...heartbeat }),
    agUiRoutes({ debates, logger, ...heartbeat }),
  ];
  for (const face of apiPrefixes) routes.use(face, measureAs(`${face}/*`));
  routes.use(...browserHeaders(origins), ...open);
  if (deps.auth === undefined) routes.use(onlyThisMachine(origins));
  // What passes here and is not answered, such as routes that another service mounts behind, is guarded too.
  routes.use(
    createGuard({
      identify,
      own: probe,
      redeem: (ticket) => tickets.redeem(onBehalfOf(db, everyTenant), ticket),
      onRefused,
    }),
  );
  if (perMinute !== undefined) routes.use(limitRequests(perMinute, createRateLimiter(db, schema, perMinute)));
  routes.use(ticketRoutes({ db, tickets }));
  routes.use(needsByMethod, ...guarded);
  return {
    routes,
    faults: protocolFaults(logger),
    watchers: hub.count,
    async start() {
      await outbox.start();
      if (hasPush) pushes.start();
      report?.start();
      pruning = setInterval(() => {
        idempotency
          .prune(onBehalfOf(db, everyTenant), keys.keptHours)
          .then(() => tickets.prune(onBehalfOf(db, everyTenant)))
          .then(() => pruneRateLimits(db, schema))
          .then(() => deadLetters.prune(onBehalfOf(db, everyTenant), deadLetterHours))
          .then(() => openConnections.prune(db))
          .then(() => probing.prune(db))
          .catch((err) => logger.warn({ err }, 'Old keys and probes stay for another hour.'));
      }, keys.everyMs).unref();
      if (everySeconds > 0) probes.start();
      if (degradation.length > 0) await budgets.start();
    },
    async leave() {
      report?.leave();
      webSockets.leave();
      await probes.stop();
    },
    async stop() {
      clearInterval(pruning);
      await probes.stop();
      await budgets.stop();
      await pushes.stop();
      stopDeltas();
      unhearStatus();
      gatekeeper.stop();
      await connections.stop();
      stopNews();
      await subscription.stop();
      await outbox.stop();
    },
  };
}
