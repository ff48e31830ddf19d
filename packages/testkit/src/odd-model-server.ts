import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type OddHabit, oddHabits } from './odd-habits.ts';
import { openOddWire, type Wire } from './odd-wire.ts';

export interface OddModelServer {
  /** For Ollama's wire; for OpenAI's, add `/v1`. */
  readonly baseUrl: string;
  /** The requests for chats so far, by model. */
  readonly requests: ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>;
  /** Connections that are open now. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

/** Longest wait of a habit that dribbles, in milliseconds. */
export interface OddServerOptions {
  readonly tickMs?: number;
}

/**
 * A model server that speaks both wires and has a habit for each model: its name, up to an `@`, is a key of `oddHabits`.
 * Any other name answers well.
 */
export async function openOddModelServer({ tickMs = 10 }: OddServerOptions = {}): Promise<OddModelServer> {
  const requests = new Map<string, Record<string, unknown>[]>();
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    answer(request, response, requests, tickMs).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => new Promise((resolve) => server.getConnections((_, count) => resolve(count))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  requests: Map<string, Record<string, unknown>[]>,
  tickMs: number,
): Promise<void> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const path = request.url ?? '';
  if (request.method === 'GET') {
    const names = ['plain', ...oddHabits.keys()];
    const list = path.startsWith('/v1')
      ? { data: names.map((id) => ({ id })) }
      : { models: names.map((name) => ({ name, details: { families: ['llama'] } })) };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list));
    return;
  }
  const body = JSON.parse(text) as Record<string, unknown>;
  const name = String(body.model);
  const earlier = requests.get(name) ?? [];
  requests.set(name, [...earlier, body]);
  const wire: Wire = path.startsWith('/v1') ? 'openai' : 'ollama';
  const habit: OddHabit = oddHabits.get(name.split('@')[0] ?? '') ?? ((odd) => odd.say(odd.good));
  await habit(openOddWire({ wire, body, response, nth: earlier.length, tickMs }));
}
