import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request for a WebSocket, on its way through the routes: the one it is for takes the connection over. */
export interface Upgrade {
  readonly socket: Socket;
  readonly head: Buffer;
  /** Says that the routes' own answer will not come: the taker of the socket writes it. */
  take(): void;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** Undefined for a request that asks for no WebSocket. */
export const upgradeOf = (request: IncomingMessage): Upgrade | undefined => upgrades.get(request);

/** Whether a request asks for it and is certain to have no body: nobody reads the body of one that is passed on. */
export function asksForWebSocket({ method, headers }: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && !hasBody;
}

/**
 * Sends requests for WebSockets through the same routes as all others, so that guards, limits, metrics and problems
 * are theirs too. @returns cuts the connections that were taken over, which the server has lost sight of.
 */
export function routeUpgrades(
  server: Server,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): () => void {
  const taken = new Set<Socket>();
  server.on('upgrade', (request: IncomingMessage, duplex, head: Buffer) => {
    const socket = duplex as Socket;
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.end());
    upgrades.set(request, {
      socket,
      head,
      take() {
        // Counted like any other answer; its bytes are left unsent.
        response.writeHead(101);
        response.detachSocket(socket);
        taken.add(socket);
        socket.once('close', () => taken.delete(socket));
      },
    });
    handle(request, response);
  });
  return () => {
    for (const socket of taken) socket.destroy();
  };
}
