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
  if (!(await isReleased(port))) throw new ParleyError('PORT_IN_USE', sentence);
}

/**
 * The wanted port of loopback, otherwise one that the system chooses; 0 wants none. A port that somebody listens on is
 * waited for: it may be that of a server that was just killed and is started again.
 */
export async function freePort(wanted: number): Promise<number> {
  if (wanted !== 0 && (await isReleased(wanted))) return wanted;
  const found = await listenOnce(0);
  if (found === undefined) throw new ParleyError('PORT_IN_USE', 'The system has no free port; choose one with --port.');
  return found;
}

/** The port that is asked for, which must be free; otherwise the wanted one if nobody listens there, or any. */
export async function choosePort(asked: number | undefined, wanted: number): Promise<number> {
  if (asked === undefined) return freePort(wanted);
  await claimPort(asked);
  return asked;
}

/** True once nobody listens on the port; false when somebody still does after `releaseMs`. */
async function isReleased(port: number): Promise<boolean> {
  const end = Date.now() + releaseMs;
  while (!(await isFree(port))) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
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
