import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { claimPort, freePort } from '../src/ports.ts';

const holders: Server[] = [];
async function hold(): Promise<{ port: number; letGo(): void }> {
  const holder = createServer().listen(0, '127.0.0.1');
  holders.push(holder);
  await once(holder, 'listening');
  return { port: (holder.address() as AddressInfo).port, letGo: () => void holder.close() };
}

afterEach(() => {
  for (const holder of holders.splice(0)) holder.close();
});

test('a wanted port is kept when its holder, such as a process that was just killed, lets go of it', async () => {
  const { port, letGo } = await hold();
  setTimeout(letGo, 300);
  expect(await freePort(port)).toBe(port);
});

test('a wanted port whose holder stays is given up for another', async () => {
  const { port } = await hold();
  const found = await freePort(port);
  expect(found).not.toBe(port);
  expect(found).toBeGreaterThan(0);
});

test('a port that was asked for is refused when its holder stays', async () => {
  const { port } = await hold();
  await expect(claimPort(port)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
});
