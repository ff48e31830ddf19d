import { useScope } from '@parley/testkit/scope.ts';

const scope = useScope();
/** A stream that says nothing, not even a comment, for this long will not do so later either. */
const silenceMs = 20_000;

export interface SentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

export interface EventReader {
  readonly status: number;
  readonly headers: Headers;
  /** The next event or comment; undefined when the server has ended the stream. */
  next(): Promise<SentEvent | undefined>;
  /** All events until the server ends the stream. */
  rest(): Promise<SentEvent[]>;
  /** Leaves, as a closed laptop does. */
  leave(): void;
}

export interface ReadOptions {
  /** Path of the stream's kind; debates if absent. */
  readonly kind?: string;
  readonly after?: number;
  readonly lastEventId?: number | string;
  readonly headers?: Record<string, string>;
}

/** Reads server-sent events. Comments come as events of the name `:`. */
export async function openEvents(url: string, debate: string, options: ReadOptions = {}): Promise<EventReader> {
  const { after, lastEventId, kind = 'debates' } = options;
  const leaving = new AbortController();
  scope.own(`The reader of ${debate}`, () => leaving.abort());
  const response = await fetch(`${url}/v1/${kind}/${debate}/events${after === undefined ? '' : `?after=${after}`}`, {
    signal: leaving.signal,
    headers: { ...options.headers, ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }) },
  });
  const events = read(response);
  const next = async () => {
    const tooLong = setTimeout(() => {
      leaving.abort(new Error(`The events of ${debate} were awaited for ${silenceMs} ms in vain.`));
    }, silenceMs);
    try {
      return (await events.next()).value as SentEvent | undefined;
    } finally {
      clearTimeout(tooLong);
    }
  };
  return {
    status: response.status,
    headers: response.headers,
    next,
    async rest() {
      const all: SentEvent[] = [];
      for (let one = await next(); one !== undefined; one = await next()) all.push(one);
      return all;
    },
    leave: () => leaving.abort(),
  };
}

async function* read(response: Response): AsyncGenerator<SentEvent, undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) yield parsed(block);
  }
  return undefined;
}

function parsed(block: string): SentEvent {
  const fields = new Map(block.split('\n').map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 1)]));
  return {
    id: fields.get('id')?.trim(),
    event: fields.has('') ? ':' : (fields.get('event')?.trim() ?? 'message'),
    data: (fields.get('data') ?? fields.get('') ?? '').trim(),
  };
}

export const idsOf = (events: readonly SentEvent[]): number[] =>
  events.flatMap(({ id }) => (id === undefined ? [] : [Number(id)]));

export const oneTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
