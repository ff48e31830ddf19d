import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one recording rule says of an objective over a window. */
export type Ratio = readonly [id: string, window: string, ratio: string];

/** Answers the one query of `fromPrometheus` in Prometheus' form (API v1, instant vector). */
export async function startFakePrometheus(ratios: readonly Ratio[] | string | number) {
  const asked: string[] = [];
  let answer = ratios;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://prometheus');
    asked.push(`${url.pathname} ${url.searchParams.get('query')}`);
    if (typeof answer === 'number') response.writeHead(answer).end();
    else if (typeof answer === 'string') response.writeHead(200).end(answer);
    else {
      const result = answer.map(([sloth_id, sloth_window, ratio]) => ({
        metric: { __name__: `slo:sli_error:ratio_rate${sloth_window}`, sloth_id, sloth_window },
        value: [1_700_000_000.1, ratio],
      }));
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    says(next: typeof ratios) {
      answer = next;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
