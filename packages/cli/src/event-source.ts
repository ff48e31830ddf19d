import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** Reads server-sent events until the server ends the stream. Reconnecting is the caller's, with the last id. */
export async function* readEvents(url: string, signal: AbortSignal): AsyncGenerator<EventSourceMessage> {
  const response = await fetch(url, { signal, headers: { accept: 'text/event-stream' } });
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  const ready: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => ready.push(event) });
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* ready.splice(0);
  }
}
