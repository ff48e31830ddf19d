import type { MessageBus } from '@parley/bus';
import type { ServiceName } from '@parley/contracts';
import type { ReachFailpoint, ServiceSchema, SpineOptions } from '@parley/spine';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { AgentModel } from './agent-model.ts';
import type { HostEnv } from './env.ts';
import type { ServiceHooks } from './spine-metrics.ts';
import type { ServiceParts } from './stream-service.ts';

/**
 * A service as a value: everything that a host, a migration, an image or a page of documentation needs.
 * Its module is cheap to import. `configure` loads the code that does the work.
 */
export interface ServiceModule<
  E extends z.ZodObject & z.ZodType<HostEnv> = z.ZodObject & z.ZodType<HostEnv>,
  Own extends z.ZodObject = z.ZodObject,
> {
  readonly name: ServiceName;
  /** Name of its image and of its folder under `services/`. Services may share one; `startEnv` then tells them apart. */
  readonly image: string;
  readonly schema: ServiceSchema;
  /** Served where PORT is unset. */
  readonly port: number;
  /** Everything that it reads in a process of its own. */
  readonly env: E;
  /** The part of `env` that it reads in one process with all others, too. */
  readonly ownEnv: Own;
  /** Settings that make a process of the image this service. */
  readonly startEnv?: Readonly<Record<string, string>>;
  /** True: it is ready while brokers are away. */
  readonly worksWithoutBus?: boolean;
  /**
   * Checks what its settings say together, and reads the files that they name, before anything is opened. `alone` is
   * undefined in one process with all others, which only this machine reaches.
   * @throws ParleyError CONFIG_INVALID
   */
  configure(own: z.infer<Own>, alone: z.infer<E> | undefined): Promise<ConfiguredService>;
}

/** A service whose settings are known to be usable. */
export interface ConfiguredService {
  /** Addresses and networks whose X-Forwarded-* headers are believed. */
  readonly trustedProxies?: readonly string[] | undefined;
  create(parts: HostedParts): Promise<HostedService>;
}

/** What a host gives to a service. */
export interface HostedParts extends ServiceParts {
  readonly bus: MessageBus;
  readonly registry: Registry;
  readonly hooks: ServiceHooks;
  readonly failpoint: ReachFailpoint;
  readonly spine: Pick<SpineOptions, 'leaseMs' | 'gate'> & { readonly pollMs: number };
  /** Address at which this process reaches its own server. */
  origin(): string;
  /** The models that the settings name; the host then says at /readyz how they are. */
  agent(): Promise<HostedAgent>;
}

/** What a host gives to a service that asks models. */
export interface HostedAgent extends AgentModel {
  /** The models' window. */
  readonly contextTokens: number;
}

/** A service that listens already, as its host starts and stops it. */
export interface HostedService {
  readonly routes?: RequestHandler;
  /** Faults in another form than problem+json, for the paths that have one. */
  readonly faults?: ErrorRequestHandler;
  /** Begins to send and to execute. */
  start(): Promise<void>;
  /** Called before its server closes. */
  leave?(): Promise<void>;
  stop(graceMs?: number): Promise<void>;
}
