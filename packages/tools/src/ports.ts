import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { ParleyError } from '@parley/contracts';

/** A killed process passes for gone while its last threads still hold its ports. */
const releaseMs = 2_000;

/** @throws ParleyError PORT_IN_USE: the port of loopback belongs to somebody else. */
export async function claimPort(
  port: number,
  sentence = `Port ${port} belongs to another process; choose another with --port.`,
): Promise<void> {
  const end = Date.now() + releaseMs;
  while (!(await isFree(port))) {
    if (Date.now() > end) {
      throw new ParleyError('PORT_IN_USE', sentence);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The wanted port of loopback if nobody listens there, otherwise one that the system chooses; 0 wants none. */
export async function freePort(wanted: number): Promise<number> {
  const found = await listenOnce(wanted);
  if (found !== undefined) return found;
  if (wanted === 0) throw new ParleyError('PORT_IN_USE', 'The system has no free port; choose one with --port.');
  return freePort(0);
}

/** The port that is asked for, which must be free; otherwise the wanted one if nobody listens there, or any. */
export async function choosePort(asked: number | undefined, wanted: number): Promise<number> {
  if (asked === undefined) return freePort(wanted);
  await claimPort(asked);
  return asked;
}

export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

/** The port that could be listened on; undefined when it could not. */
async function listenOnce(port: number): Promise<number | undefined> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
  } catch {
    return undefined;
  }
  const { port: found } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return found;
}
