import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freshText } from '@parley/testkit';

/** What a model is asked for in the course of a debate. */
export const modelCalls = ['turn', 'summary', 'concession', 'assessment', 'embedding', 'verdict'] as const;
export type ModelCall = (typeof modelCalls)[number];

export interface StandIn {
  readonly url: string;
  /** When every request came, by the clock of the process, in milliseconds, and whether it was refused as busy. */
  readonly requests: readonly { readonly at: number; readonly call: ModelCall; readonly isBusy: boolean }[];
  /** Goes away with the next request of that kind and comes back after `downMs`, busy for the last `busyMs` of it. */
  failAt(call: ModelCall, downMs: number, busyMs?: number): Promise<{ readonly over: Promise<void> }>;
  /** Answers to that kind of call have no end from now on: a word every half second. */
  dribbleAt(call: ModelCall): void;
  /** Whether its turns give in, but for the first ones. */
  concede(isOn: boolean): void;
  close(): Promise<void>;
}

type Schema = { type?: string; enum?: unknown[]; properties?: Record<string, Schema>; items?: Schema };

const dimensions = 64;
const dribbleMs = 500;

/**
 * A server of OpenAI's chat completions and embeddings that can go away as a process does: its port refuses, and
 * whoever was being answered is cut off. What it says is new each time and means nothing.
 */
export async function openModelStandIn(): Promise<StandIn> {
  let concedes = false;
  const requests: { at: number; call: ModelCall; isBusy: boolean }[] = [];
  let said = 0;
  let isBusy = false;
  let dribbling: ModelCall | undefined;
  let trap: { readonly call: ModelCall; spring(): void } | undefined;
  let server: Server;
  let port = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const piece of request) body += String(piece);
    if (request.method === 'GET') return json(response, 200, { data: [{ id: 'plain' }] });
    const asked = JSON.parse(body) as Asked;
    const call = callOf(request.url ?? '', asked);
    requests.push({ at: performance.now(), call, isBusy });
    if (trap?.call === call) {
      const { spring } = trap;
      trap = undefined;
      spring();
      return;
    }
    if (isBusy) return json(response, 503, { error: { message: 'The model is being loaded.' } });
    if (call === 'embedding') {
      const data = (asked.input ?? []).map((_, index) => ({ index, embedding: vector(said++) }));
      return json(response, 200, { data, usage: { prompt_tokens: 1 } });
    }
    if (call === dribbling) return dribble(response);
    const schema = asked.response_format?.json_schema?.schema;
    const gives = concedes && said > 3 ? 'I concede the debate. ' : '';
    const text = schema === undefined ? `${call === 'turn' ? gives : ''}${freshText(said++, 200)}.` : answer(schema);
    stream(response, text);
  }

  const listen = async (): Promise<void> => {
    server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  const down = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  await listen();

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    failAt: (call, downMs, busyMs = 0) =>
      new Promise((resolve) => {
        trap = {
          call,
          spring() {
            const over = (async () => {
              await down();
              await new Promise((done) => setTimeout(done, downMs - busyMs));
              isBusy = busyMs > 0;
              await listen();
              await new Promise((done) => setTimeout(done, busyMs));
              isBusy = false;
            })();
            resolve({ over });
          },
        };
      }),
    dribbleAt(call) {
      dribbling = call;
    },
    concede(isOn) {
      concedes = isOn;
      said = 0;
    },
    close: down,
  };
}

interface Asked {
  readonly messages?: readonly { readonly content: string }[];
  readonly input?: readonly string[];
  readonly response_format?: { readonly json_schema?: { readonly schema?: Schema } };
}

function callOf(url: string, { messages = [], response_format }: Asked): ModelCall {
  if (url.endsWith('/embeddings')) return 'embedding';
  const asked = response_format?.json_schema?.schema?.properties ?? {};
  if ('winner' in asked) return 'verdict';
  if ('stance' in asked) return 'assessment';
  if ('concedes' in asked) return 'concession';
  return messages[0]?.content.startsWith('You keep notes') === true ? 'summary' : 'turn';
}

/** Something of the asked shape. */
function answer(schema: Schema): string {
  const fill = ({ type, enum: allowed, properties = {} }: Schema): unknown => {
    if (allowed !== undefined) return allowed[0];
    if (type === 'object') return Object.fromEntries(Object.entries(properties).map(([key, of]) => [key, fill(of)]));
    if (type === 'array') return [];
    return type === 'string' ? 'A reason in words.' : type === 'boolean' ? true : 6;
  };
  return JSON.stringify(fill(schema));
}

/** A direction of its own for each text: no two of them mean the same. */
function vector(seed: number): number[] {
  return Array.from({ length: dimensions }, (_, i) => Math.sin((seed + 1) * (i + 1) * 12.9898));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** The beginning of an answer that goes on until its reader has left. */
function dribble(response: ServerResponse): void {
  const word = (content: string) =>
    response.write(`data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: null }] })}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  word('{"reason":"');
  const timer = setInterval(() => word('well '), dribbleMs);
  response.once('close', () => clearInterval(timer));
}

function stream(response: ServerResponse, text: string): void {
  const chunk = (part: object) => response.write(`data: ${JSON.stringify({ choices: [part] })}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  chunk({ delta: { content: text }, finish_reason: null });
  chunk({ delta: {}, finish_reason: 'stop' });
  response.end('data: [DONE]\n\n');
}
