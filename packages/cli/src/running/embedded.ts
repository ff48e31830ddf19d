import { createMemoryBus } from '@parley/bus';
import type { ServiceName } from '@parley/contracts';
import { type Discovery, type PolicyOptions, refusalsOf } from '@parley/model';
import {
  type ConfiguredService,
  createAgentModel,
  createHosting,
  type HostedService,
  type Logger,
  measureProcess,
  measureSpine,
  policyOf,
  readEnv,
  type ServiceModule,
  spineSettings,
  thisReplica,
} from '@parley/runtime';
import { armFailpoint, createProcessGate, type Database, migrate } from '@parley/spine';
import { Registry } from 'prom-client';
import { type UpEnv, upEnv } from '../config.ts';
import { modules } from '../services.ts';

export interface EmbeddedDeps {
  readonly db: Database;
  readonly discovery: Discovery;
  readonly logger: Logger;
  readonly port: number;
  readonly host: string;
  /** The settings of all services and of this process; without them all are unset. */
  readonly env?: UpEnv;
  /** The services, where they are configured already. */
  readonly services?: readonly EmbeddedService[];
  /** Models that services ask instead of the model of all agents. */
  readonly models?: Readonly<Partial<Record<ServiceName, string>>>;
  /** Limits of model calls instead of those of `env`. */
  readonly modelPolicy?: Partial<PolicyOptions>;
}

interface EmbeddedService extends ConfiguredService {
  readonly module: ServiceModule;
}

export interface Embedded {
  readonly url: string;
  stop(): Promise<void>;
}

/** A window that a small model on a laptop can bear. */
const contextTokens = 8_192;
/** Everything is announced in this process; polling only covers what a bug would miss. */
const pollMs = 15_000;

/**
 * Every service as its settings say, in the order of the modules.
 * @throws ParleyError CONFIG_INVALID
 */
export function configureServices(env: UpEnv): Promise<readonly EmbeddedService[]> {
  return Promise.all(modules.map(async (module) => ({ module, ...(await module.configure(env, undefined)) })));
}

/** All services in one process: one database, one bus, one port. */
export async function createEmbedded(deps: EmbeddedDeps): Promise<Embedded> {
  const { db, discovery, logger, env = readEnv(upEnv, {}) } = deps;
  const services = deps.services ?? (await configureServices(env));
  const registry = new Registry();
  measureProcess(registry);
  const bus = createMemoryBus({
    onEvent: (event) => {
      if (event.type === 'batch-failed')
        logger.warn({ ...event, thrown: String(event.thrown) }, 'A batch is redelivered.');
    },
  });
  const agent = createAgentModel(discovery, { registry, logger, policy: deps.modelPolicy ?? policyOf(env) });
  const hosting = createHosting({
    db,
    schemas: services.map(({ module }) => module.schema.schema),
    services,
    registry,
    logger,
    ready: { model: async () => discovery.explanation + refusalsOf(discovery.defaultModel, discovery.models) },
  });

  let url = '';
  const shared = {
    db,
    bus,
    registry,
    replica: thisReplica(),
    failpoint: armFailpoint(env.PARLEY_FAILPOINT),
    // One gate for all: what may have ended this process runs beside nothing of any service.
    spine: { ...spineSettings(env, pollMs), gate: createProcessGate() },
    origin: () => url,
  };
  for (const { module } of services) await migrate(db, module.schema);
  const hosted: HostedService[] = [];
  for (const { module, create } of services) {
    const { name } = module;
    const own = logger.child({ service: name });
    const preferred = deps.models?.[name];
    const models = preferred === undefined ? agent.models : [preferred, ...agent.models];
    const service = await create({
      ...shared,
      logger: own,
      hooks: measureSpine(registry, name, own),
      agent: async () => ({ ...agent, models, contextTokens }),
    });
    hosted.push(service);
  }

  // Every reader listens by now: memory keeps nothing for readers that a crash would outlive. The port comes first,
  // because it may be taken, and then nothing has begun that would have to be stopped.
  hosting.serve(hosted);
  url = `http://${deps.host}:${await hosting.listen(deps.port, deps.host)}`;
  await hosting.start();

  return {
    url,
    async stop() {
      await hosting.leave(0);
      await hosting.close();
      // The bus goes first: what it no longer takes stays in the outboxes.
      await bus.stop();
      await hosting.stop();
      await db.close();
    },
  };
}
