import type { Upgrade } from '@parley/runtime';
import type { Request } from 'express';
import type { WebSocket, WebSocketServer } from 'ws';
import { type FollowDeps, follow } from './follow.ts';

/** Close code for a client that takes nothing. The others: 1000 after the last event, 1001 when the server leaves. */
const tooSlow = 4008;
const limits = { queuedBytes: 256 * 1024, messageBytes: 1_024 } as const;

export interface WebSockets {
  /** Sends the events of a stream as JSON messages: durable ones with their `seq`, deltas without. */
  open(deps: FollowDeps, request: Request, upgrade: Upgrade, stream: Stream): Promise<void>;
  /** Tells every client to come back elsewhere. */
  leave(): void;
}

export interface Stream {
  readonly id: string;
  /** Name of its kind, for the reason of the end. */
  readonly kind: string;
  readonly after: number;
  /** Everything was sent before: there is only the end to tell. */
  readonly isOver: boolean;
  onClose(): void;
}

/** The library is loaded by the first client that needs it. Source: RFC 6455 §7.4 (status codes). */
export function createWebSockets(): WebSockets {
  let server: WebSocketServer | undefined;
  return {
    async open(deps, request, { socket, head, take }, stream) {
      const { WebSocketServer } = await import('ws');
      server ??= new WebSocketServer({ noServer: true, maxPayload: limits.messageBytes, perMessageDeflate: false });
      take();
      socket.once('close', stream.onClose);
      if (socket.destroyed) stream.onClose();
      server.handleUpgrade(request, socket, head, (webSocket) => send(deps, webSocket, stream));
    },
    leave() {
      for (const client of server?.clients ?? []) client.close(1001, 'This replica ends; come back with ?after=');
    },
  };
}

function send(deps: FollowDeps, webSocket: WebSocket, { id, kind, after, isOver }: Stream): void {
  webSocket.on('error', () => webSocket.terminate());
  if (isOver) {
    webSocket.close(1000, `The ${kind} is over.`);
    return;
  }
  let isAlive = true;
  webSocket.on('pong', () => {
    isAlive = true;
  });
  const say = (message: unknown): boolean => {
    webSocket.send(JSON.stringify(message), () => {
      if (webSocket.bufferedAmount === 0) following.resume();
    });
    return webSocket.bufferedAmount <= limits.queuedBytes;
  };
  const following = follow(
    deps,
    {
      event: say,
      delta: (data) => say({ type: 'delta', data }),
      heartbeat() {
        if (!isAlive) webSocket.terminate();
        isAlive = false;
        webSocket.ping();
        return true;
      },
      end: () => webSocket.close(1000, `The ${kind} is over.`),
      drop(last) {
        webSocket.close(tooSlow, `Too slow; come back with ?after=${last}`);
        // The client does not read: it would not see the end either.
        setTimeout(() => webSocket.terminate(), 1_000).unref();
      },
    },
    id,
    after,
  );
  webSocket.on('close', following.stop);
}
