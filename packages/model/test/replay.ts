import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Transcript {
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly chunks: readonly { readonly data: string }[];
  };
}

export interface Replay {
  readonly baseUrl: string;
  /** Bodies of the requests so far, parsed. */
  readonly bodies: readonly Record<string, unknown>[];
  readonly headers: readonly NodeJS.Dict<string | string[]>[];
  /** Requests whose connection the client closed before the answer's end. */
  readonly abandoned: () => number;
  close(): Promise<void>;
}

const folder = new URL('./transcripts/', import.meta.url);
const transcripts = new Map<string, Transcript>(
  readdirSync(folder).map((file) => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Transcript,
  ]),
);

/**
 * Repeats recorded exchanges chunk for chunk. The model's name chooses the transcript, and what follows a `!` spoils
 * it: `cut` ends the stream before its last chunk, `reset` breaks the connection there, `stall` says nothing more after
 * two chunks, `silent` says nothing at all, `bytes` delivers byte by byte. Without a body, method and path choose.
 */
export async function openReplay(): Promise<Replay> {
  const bodies: Record<string, unknown>[] = [];
  const headers: NodeJS.Dict<string | string[]>[] = [];
  let abandoned = 0;
  const server = createServer((request, response) => {
    response.once('close', () => {
      if (!response.writableEnded) abandoned += 1;
    });
    answer(request, response, bodies, headers).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    headers,
    abandoned: () => abandoned,
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
  bodies: Record<string, unknown>[],
  headers: NodeJS.Dict<string | string[]>[],
): Promise<void> {
  let text = '';
  for await (const chunk of request) text += chunk;
  headers.push(request.headers);
  const body = text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
  if (body !== undefined) bodies.push(body);
  const [name = '', fault] = String(body?.model ?? '').split('!');
  const found =
    body === undefined
      ? [...transcripts.values()].find(
          ({ request: { method, path } }) => method === request.method && path === request.url,
        )
      : transcripts.get(name);
  if (found === undefined) {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"no such transcript"}');
    return;
  }
  if (fault === 'silent') return;
  const { status, headers: sent, chunks } = found.response;
  response.writeHead(status, { 'content-type': sent['content-type'] ?? '' }).flushHeaders();
  const until = fault === 'stall' ? 2 : fault === 'cut' || fault === 'reset' ? chunks.length - 1 : chunks.length;
  for (const { data } of chunks.slice(0, until)) {
    const parts = fault === 'bytes' ? [...Buffer.from(data)].map((byte) => Buffer.from([byte])) : [data];
    for (const part of parts) {
      if (response.destroyed) return;
      response.write(part);
      if (fault !== 'bytes') await new Promise((resolve) => setImmediate(resolve));
    }
  }
  if (fault === 'reset') response.destroy();
  else if (fault !== 'stall') response.end();
}
