import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** What the HTTP exporters of OTLP call themselves, behind the name that a user may give them. */
const exporterName = /\bOTel-OTLP-Exporter-JavaScript\//;

export interface ExportBounds {
  /** Ends the exports that are being sent, and each one that is yet to be. */
  cut(): void;
}

/**
 * Ends an export whose answer is not over after `timeoutMs`. The exporter's own timeout is the socket's, which counts
 * silence: it keeps the connection, and with it the process, of a receiver that sends a byte now and then. It bounds the
 * bytes of an answer itself.
 */
export function boundExports(timeoutMs: number): ExportBounds {
  const sent = new Set<ClientRequest>();
  let isCut = false;
  // Told of before the exporter waits for its error, which comes in a later tick.
  subscribe('http.client.request.created', (message) => {
    const { request } = message as { readonly request: ClientRequest };
    if (!exporterName.test(String(request.getHeader('user-agent')))) return;
    if (isCut) return end(request, 'the process ends');
    const timer = setTimeout(() => end(request, `its answer was not over after ${timeoutMs} ms`), timeoutMs);
    sent.add(request);
    request.once('close', () => {
      clearTimeout(timer);
      sent.delete(request);
    });
  });
  return {
    cut() {
      isCut = true;
      for (const request of sent) end(request, 'the process ends');
    },
  };
}

function end(request: ClientRequest, why: string): void {
  request.destroy(new Error(`The export of traces was cut off: ${why}.`));
}
