// Requests at a fixed rate, whether answers come or not: a slow answer delays no later request, and counts from the moment
// at which its request was due. Source: "How NOT to measure latency", Gil Tene 2013 (coordinated omission).
import { Agent, get } from 'node:http';

export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly perSecond: number;
  readonly seconds: number;
}

/** Milliseconds from due to read, of every request, sorted. @throws Error on any answer but 200 */
export function openLoop({ url, headers, perSecond, seconds }: Load): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  const total = perSecond * seconds;
  const took: number[] = [];
  const began = performance.now();
  let sent = 0;
  return new Promise((resolve, reject) => {
    const send = (due: number): void => {
      const request = get(url, { agent, headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
        response.resume().once('end', () => {
          took.push(performance.now() - due);
          if (took.length < total) return;
          clearInterval(timer);
          agent.destroy();
          resolve(took.sort((a, b) => a - b));
        });
      });
      request.once('error', reject);
    };
    const timer = setInterval(() => {
      const dueBy = Math.min(total, ((performance.now() - began) / 1000) * perSecond);
      for (; sent < dueBy; sent++) send(began + (sent / perSecond) * 1000);
    }, 1);
  });
}

export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
