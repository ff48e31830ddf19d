import { once } from 'node:events';
import { useScope } from '@parley/testkit/scope.ts';
import { WebSocket } from 'ws';

const scope = useScope();

export interface SocketMessage {
  readonly seq?: number;
  readonly type: string;
  readonly data: unknown;
}

export interface SocketReader {
  readonly messages: readonly SocketMessage[];
  readonly socket: WebSocket;
  /** Resolves when the server has closed it. */
  readonly closed: Promise<{ code: number; reason: string }>;
}

/** Opens a WebSocket on a debate; rejects with the status that came instead. */
export async function openSocket(
  url: string,
  debate: string,
  { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<SocketReader> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/debates/${debate}/ws${query}`, { headers });
  const messages: SocketMessage[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_, response) => {
      reject(new Error(String(response.statusCode)));
      response.destroy();
    });
    socket.once('error', reject);
  });
  scope.own(`The WebSocket of ${debate}`, () => socket.terminate());
  return { messages, socket, closed };
}
