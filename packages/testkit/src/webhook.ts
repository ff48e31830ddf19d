import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Notified {
  readonly headers: Readonly<Record<string, unknown>>;
  /** Of the event that it is about. */
  readonly sequence: number;
  readonly body: { readonly statusUpdate?: { readonly taskId: string }; readonly artifactUpdate?: object };
  /** What was answered. */
  readonly status: number;
}

/** A receiver of push notifications. `answer` may be changed. */
export async function openWebhook() {
  const seen: Notified[] = [];
  let answer: (n: number) => number | Promise<number> = () => 204;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    const { sequence } = (body.statusUpdate ?? body.artifactUpdate).metadata;
    const status = await answer(seen.length);
    seen.push({ headers: request.headers, sequence, body, status });
    response.writeHead(status, status === 302 ? { location: 'http://169.254.169.254/' } : {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    seen,
    /** The events that were acknowledged, in the order of arrival. */
    acknowledged: () => seen.flatMap(({ status, sequence }) => (status < 300 ? sequence : [])),
    answerWith(next: typeof answer) {
      answer = next;
    },
    close(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}
export type Webhook = Awaited<ReturnType<typeof openWebhook>>;
