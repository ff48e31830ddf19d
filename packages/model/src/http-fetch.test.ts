import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { ConnectTimeout, createHttpFetch } from './http-fetch.ts';

test('a connection that does not come to stand is given up after the connect timeout', async () => {
  // Accepts TCP and never answers the TLS handshake.
  const server = createServer((socket) => socket.resume().on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fetch = createHttpFetch({ connectTimeoutMs: 30 });
  const signal = new AbortController().signal;
  const answer = fetch(`https://127.0.0.1:${port}/`, { method: 'GET', headers: {}, signal });
  await expect(answer).rejects.toBeInstanceOf(ConnectTimeout);
  await new Promise((resolve) => server.close(resolve));
});

test('headers that are late do not count as a connection that is late', async () => {
  const server = createServer((socket) => {
    socket.once('data', () => setTimeout(() => socket.end('HTTP/1.1 204 No Content\r\n\r\n'), 60));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fetch = createHttpFetch({ connectTimeoutMs: 30 });
  const signal = new AbortController().signal;
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'GET', headers: {}, signal });
  expect(response.status).toBe(204);
  await new Promise((resolve) => server.close(resolve));
});
