import type { MessageBus } from '@parley/bus';
import type { DegradationPolicy } from '@parley/contracts/debate';
import type { Prices } from '@parley/contracts/http';
import type { Logger, Replica, ServiceHooks } from '@parley/runtime';
import type { Database, ReachFailpoint } from '@parley/spine';
import type { ErrorRequestHandler, Router } from 'express';
import type { Registry } from 'prom-client';
import type { JwtOptions } from './access/jwt.ts';
import type { AnyFeature } from './streams/feature.ts';

export interface GatewayDeps {
  readonly db: Database;
  readonly bus: MessageBus;
  readonly logger: Logger;
  readonly hooks?: ServiceHooks;
  readonly registry?: Registry;
  readonly failpoint?: ReachFailpoint;
  /** Without it this process does not tell how it does. */
  readonly replica?: Replica | undefined;
  readonly pollMs?: number;
  readonly heartbeatMs?: number;
  /** Origins of pages that may ask, beside this server's own. */
  readonly origins?: readonly string[] | undefined;
  /** Requests of a tenant in a minute, over all replicas; without it any number. */
  readonly requestsPerMinute?: number | undefined;
  /** Event streams and WebSockets that a tenant may have open at once, over all replicas; without it any number. */
  readonly streamsPerTenant?: number | undefined;
  /** How long a stream's client may take nothing before it is let go. */
  readonly patienceMs?: number;
  /** Who may ask; without it everybody may do everything as the default tenant, so serve it to this machine only. */
  readonly auth?: { readonly jwt?: JwtOptions | undefined } | undefined;
  /** Where evidence may be fetched from; nowhere by default. */
  readonly evidenceOrigins?: readonly string[] | undefined;
  readonly prices?: Prices | undefined;
  /** Where the console shows traces, with {traceId} in it. */
  readonly traceUrl?: string | undefined;
  /** Tokens that a tenant may spend in a day (UTC) before it can start no further debate; without it any number. */
  readonly tokensPerDay?: number | undefined;
  /** How often to hold a debate to see whether it works, and with which model; 0 s = never. Needs the `origin`. */
  readonly probe?: { readonly everySeconds: number; readonly model: string } | undefined;
  /** Where the recording rules of the objectives are; without it they are counted in this process, in `registry`. */
  readonly prometheusUrl?: string | undefined;
  /** What new debates get less of while an error budget runs out; nothing by default. */
  readonly degradation?: DegradationPolicy | undefined;
  /** Kinds of streams beside those of this build. */
  readonly features?: readonly AnyFeature[];
  /** Where this gateway serves, once it does, such as http://127.0.0.1:8080. */
  origin?(): string;
}

export interface Gateway {
  readonly routes: Router;
  /** Faults on the protocols' paths in their own form, those of the body too. */
  readonly faults: ErrorRequestHandler;
  /** Event streams that are open. */
  watchers(): number;
  /** Begins to send; before it the service only listens. */
  start(): Promise<void>;
  /** Asks itself nothing any more: its server is about to close. */
  leave(): Promise<void>;
  stop(): Promise<void>;
}
