import { createClient, type KafkaConnection, shortRetries } from './client.ts';

/** Limit of one try, in milliseconds: less than the timeout of a health check. */
const patienceMs = 3_000;

/** Whether a client that begins now finds brokers and the group's coordinator, within 3 s. Never rejects. */
export async function reachesGroup({ onWarning: _, ...connection }: KafkaConnection, group: string): Promise<boolean> {
  const admin = createClient(connection, shortRetries).admin();
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), patienceMs);
  const asked = admin
    .connect()
    .then(() => admin.describeGroups([group]))
    .then(
      () => true,
      () => false,
    );
  const found = await Promise.race([asked, late]);
  clearTimeout(timer);
  // One that hangs is left to its own timeouts.
  void asked.then(() => admin.disconnect()).catch(() => {});
  return found;
}
