import { createMemoryBus } from '@parley/bus';
import { createDebater, debaterOf } from '@parley/debater';
import { createGateway, type GatewayDeps, gatewaySchema } from '@parley/gateway';
import { type Discovery, type PolicyOptions, refusalsOf } from '@parley/model';
import { createModerator, type ModeratorDeps, moderatorSchema } from '@parley/moderator';
import { measureTurns } from '@parley/moderator/metrics.ts';
import {
  createAgentModel,
  createWeb,
  type Listening,
  type Logger,
  listen,
  measureProcess,
  measurePrompts,
  measureSpine,
  thisReplica,
} from '@parley/runtime';
import {
  createHousekeeping,
  createProcessGate,
  createWriteCheck,
  type Database,
  migrate,
  type ReachFailpoint,
  type SpineOptions,
} from '@parley/spine';
import { Registry } from 'prom-client';

export interface EmbeddedDeps {
  readonly db: Database;
  readonly discovery: Discovery;
  readonly logger: Logger;
  readonly port: number;
  readonly host: string;
  readonly failpoint?: ReachFailpoint;
  readonly gateway?: Pick<
    GatewayDeps,
    | 'prices'
    | 'tokensPerDay'
    | 'evidenceOrigins'
    | 'probe'
    | 'origins'
    | 'streamsPerTenant'
    | 'requestsPerMinute'
    | 'prometheusUrl'
    | 'traceUrl'
    | 'degradation'
  >;
  readonly trustedProxies?: readonly string[] | undefined;
  /** Otherwise the judge has the model of all agents. */
  readonly judgeModel?: string;
  readonly modelPolicy?: Partial<PolicyOptions>;
  /** Cosines from which a turn is stale, instead of the embedding model's calibrated ones. */
  readonly redundancyCosine?: ModeratorDeps['redundancyCosine'];
  readonly sampling?: ModeratorDeps['sampling'];
  readonly spine?: Pick<SpineOptions, 'leaseMs' | 'pollMs' | 'maxRunningEffects' | 'maxStreamsPerTick'>;
}

export interface Embedded {
  readonly url: string;
  stop(): Promise<void>;
}

/** A window that a small model on a laptop can bear. */
const contextTokens = 8_192;
const drain = { httpMs: 3_000, effectsMs: 3_000 } as const;
const housekeeping = { everyMs: 60_000, dedupeHours: 8 * 24 } as const;
/** Everything is announced in this process; polling only covers what a bug would miss. */
const pollMs = 15_000;

/** All services in one process: one database, one bus, one port. */
export async function createEmbedded(deps: EmbeddedDeps): Promise<Embedded> {
  const { db, discovery, logger } = deps;
  const failpoint = deps.failpoint ?? (() => {});
  const registry = new Registry();
  measureProcess(registry);
  const bus = createMemoryBus({
    onEvent: (event) => {
      if (event.type === 'batch-failed')
        logger.warn({ ...event, thrown: String(event.thrown) }, 'A batch is redelivered.');
    },
  });
  const agent = createAgentModel(discovery, { registry, logger, policy: deps.modelPolicy });
  const onPrompt = measurePrompts(registry, agent.models);
  const judges = deps.judgeModel === undefined ? agent.models : [deps.judgeModel, ...agent.models];
  // One gate for all: what may have ended this process runs beside nothing of any service.
  const spine = { pollMs, ...deps.spine, gate: createProcessGate() };
  const replica = thisReplica();
  const shared = { db, bus, replica, ...agent, failpoint, spine, contextTokens };
  const of = (service: string) => {
    const own = logger.child({ service });
    return { logger: own, hooks: measureSpine(registry, service, own) };
  };

  let url = '';
  const schemas = [gatewaySchema, moderatorSchema, debaterOf.pro, debaterOf.con];
  for (const schema of schemas) await migrate(db, schema);
  const gateway = await createGateway({
    db,
    bus,
    registry,
    failpoint,
    replica,
    pollMs,
    origin: () => url,
    ...deps.gateway,
    ...of('gateway'),
  });
  const moderator = await createModerator({
    ...shared,
    ...of('moderator'),
    models: judges,
    redundancyCosine: deps.redundancyCosine,
    sampling: deps.sampling,
    metrics: measureTurns(registry),
  });
  const debaters = [
    await createDebater({ ...shared, ...of('debater-a'), side: 'pro', onPrompt }),
    await createDebater({ ...shared, ...of('debater-b'), side: 'con', onPrompt }),
  ];
  const keeper = createHousekeeping({
    db,
    schemas: schemas.map(({ schema }) => schema),
    ...housekeeping,
    onTrouble: (thrown) => logger.warn({ err: thrown }, 'Housekeeping failed; it comes again.'),
  });

  let isDraining = false;
  const web = createWeb({
    routers: [gateway.routes],
    faults: gateway.faults,
    trustedProxies: deps.trustedProxies,
    registry,
    logger,
    ready: {
      accepting: async () => {
        if (isDraining) throw new Error('draining');
        return 'yes';
      },
      database: createWriteCheck({ db, schema: gatewaySchema.schema }),
      model: async () => discovery.explanation + refusalsOf(discovery.defaultModel, discovery.models),
    },
  });

  // Every reader listens by now: memory keeps nothing for readers that a crash would outlive. The port comes first,
  // because it may be taken, and then nothing has begun that would have to be stopped.
  const listening: Listening = await listen(web, deps.port, deps.host);
  url = `http://${deps.host}:${listening.port}`;
  for (const service of [moderator, ...debaters, gateway]) await service.start();
  keeper.start();

  return {
    url,
    async stop() {
      isDraining = true;
      keeper.stop();
      await gateway.leave();
      await listening.close(drain.httpMs);
      // The bus goes first: what it no longer takes stays in the outboxes.
      await bus.stop();
      await Promise.all([
        gateway.stop(),
        moderator.stop(drain.effectsMs),
        ...debaters.map((d) => d.stop(drain.effectsMs)),
      ]);
      await db.close();
    },
  };
}
