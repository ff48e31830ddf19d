import { createMemoryBus, type MessageBus } from '@parley/bus';
import { type Message, topics } from '@parley/contracts';
import type { DebateSummary } from '@parley/contracts/debate';
import type { Problem } from '@parley/contracts/http';
import { createWeb, type Logger, listen, silentLogger } from '@parley/runtime';
import { type Database, migrate } from '@parley/spine';
import { useScope } from '@parley/testkit/scope.ts';
import type { RequestHandler, Router } from 'express';
import { Registry } from 'prom-client';
import { createGateway, type GatewayDeps, gatewaySchema } from '../src/app.ts';

const scope = useScope();
/** An answer that has not ended by then is a stream that nobody meant to read to its end. */
const answerMs = 20_000;

export interface RunningGateway {
  readonly url: string;
  readonly port: number;
  readonly bus: MessageBus;
  readonly routes: Router;
  readonly registry: Registry;
  /** Commands that have reached the bus, oldest first. */
  readonly commands: readonly Message[];
  watchers(): number;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  send(method: string, path: string, headers?: Record<string, string>): Promise<Reply>;
  /** Starts a debate and says its id. */
  debate(topic?: string, headers?: Record<string, string>): Promise<string>;
  stop(): Promise<void>;
}

/** An answer that was read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

/** The real app behind a real socket, over the memory bus. */
export async function startGateway(
  db: Database,
  {
    owner = db,
    first,
    ...options
  }: Partial<GatewayDeps> & {
    logger?: Logger;
    trustedProxies?: readonly string[];
    /** Who migrates, where the gateway's own role may not. */
    owner?: Database;
    /** Goes before the gateway's routes. */
    first?: RequestHandler;
  } = {},
): Promise<RunningGateway> {
  const bus = createMemoryBus({ redeliveryDelayMs: { initial: 1, max: 20 } });
  const commands: Message[] = [];
  await bus.subscribe({
    topics: [topics.debateCommands.name],
    group: 'moderator',
    handler: async (batch) => void commands.push(...batch.map((delivery) => delivery.message)),
  });
  const logger = options.logger ?? silentLogger;
  await migrate(owner, gatewaySchema);
  const registry = new Registry();
  const gateway = await createGateway({ db, bus, logger, registry, pollMs: 25, ...options });
  const web = createWeb({
    routers: [...(first === undefined ? [] : [first]), gateway.routes],
    faults: gateway.faults,
    trustedProxies: options.trustedProxies,
    registry,
    logger,
    ready: { database: async () => `answers ${JSON.stringify(await db.query('select 1 as one'))}` },
  });
  await gateway.start();
  const { port, close } = await listen(web, 0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const stop = scope.own(`The gateway at ${url}`, async () => {
    await close(0);
    await bus.stop();
    await gateway.stop();
  });

  async function ask(path: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(url + path, { signal: AbortSignal.timeout(answerMs), ...init });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  }
  const post: RunningGateway['post'] = (path, body, headers = {}) =>
    ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    url,
    port,
    bus,
    routes: gateway.routes,
    registry,
    commands,
    watchers: gateway.watchers,
    get: (path, headers = {}) => ask(path, { headers }),
    post,
    send: (method, path, headers = {}) => ask(path, { method, headers }),
    async debate(topic = 'Tea is better than coffee', headers = {}) {
      return ((await post('/v1/debates', { topic }, headers)).json as DebateSummary).id;
    },
    stop,
  };
}

export const problemOf = (reply: Reply): Problem => reply.json as Problem;
export const fieldsOf = (reply: Reply): string[] => (problemOf(reply).errors ?? []).map((one) => one.field);
