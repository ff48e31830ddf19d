import { type Message, readFact } from '@parley/contracts';
import type { Heard } from '../domain/system.ts';

/** Time of silence after which a process is forgotten. */
const forgetMs = 10 * 60_000;
/** More processes than a cluster has: a sender that makes up names cannot fill the memory. */
const mostReplicas = 1_000;

/** The last report of every process, as they are heard. Reports are kept nowhere else. */
export function createStatusBoard(now: () => number = () => performance.now()) {
  const heard = new Map<string, Heard>();
  return {
    hear(message: Message): void {
      const read = readFact(message);
      if (!read.ok || read.fact.type !== 'service-status.v1' || read.fact.data.service !== message.source) return;
      const report = read.fact.data;
      const key = `${report.service}\n${report.replica}`;
      // Anew at the end, so that the first is the one that is silent for longest.
      heard.delete(key);
      if (report.isLeaving) return;
      heard.set(key, { report, atMs: now() });
      const [oldest] = heard.keys();
      if (heard.size > mostReplicas && oldest !== undefined) heard.delete(oldest);
    },
    read(): Heard[] {
      for (const [key, { atMs }] of heard) if (now() - atMs > forgetMs) heard.delete(key);
      return [...heard.values()];
    },
  };
}
export type StatusBoard = ReturnType<typeof createStatusBoard>;
