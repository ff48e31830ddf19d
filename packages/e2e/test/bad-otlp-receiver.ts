import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Ways not to answer an export, each of them without an end. */
const faults = {
  async 'endless body'(response: ServerResponse, isOpen: () => boolean) {
    const piece = Buffer.alloc(65_536, ' ');
    while (isOpen()) if (!response.write(piece)) await Promise.race([once(response, 'drain'), wait(50)]);
  },
  async 'a byte now and then'(response: ServerResponse, isOpen: () => boolean) {
    for (; isOpen(); await wait(200)) response.write(' ');
  },
  async 'a head without an end'({ socket }: ServerResponse, isOpen: () => boolean) {
    socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
    for (; isOpen(); await wait(200)) socket?.write('x');
  },
  async 'no answer'() {},
} as const;

export type ReceiverFault = keyof typeof faults;
export const receiverFaults = Object.keys(faults) as ReceiverFault[];

/** An export as its receiver saw it. */
export interface SeenExport {
  readonly fault: ReceiverFault;
  /** How long the exporter kept the connection, in milliseconds; absent while it is open. */
  readonly openMs?: number;
  /** What could be written before it was closed. */
  readonly bytes?: number;
}

/** A collector of traces that never ends an answer. It takes the faults in turn. */
export async function openBadReceiver(of: readonly ReceiverFault[] = receiverFaults) {
  const seen: SeenExport[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const { socket } = request;
    const began = performance.now();
    const before = socket.bytesWritten;
    const fault = of[seen.length % of.length] as ReceiverFault;
    const nth = seen.push({ fault }) - 1;
    let isOpen = true;
    socket.on('error', () => undefined);
    socket.once('close', () => {
      isOpen = false;
      seen[nth] = { fault, openMs: Math.round(performance.now() - began), bytes: socket.bytesWritten - before };
    });
    request.resume().once('end', () => void faults[fault](response, () => isOpen));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: (): readonly SeenExport[] => seen,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
