import type { ServerResponse } from 'node:http';

export type Wire = 'ollama' | 'openai';

/** What an answer ends with; undefined leaves the field out. */
export interface OddEnd {
  readonly finish?: string | null | undefined;
  readonly usage?: unknown;
  /** Whether `[DONE]` follows, and how often. */
  readonly done?: number;
}

/** One exchange with a client, and the ways to spoil it. */
export interface OddWire {
  readonly wire: Wire;
  readonly body: Readonly<Record<string, unknown>>;
  /** Which request for this model it is; 0 is the first. */
  readonly nth: number;
  /** What a good model would say: words, or the JSON that is asked for. */
  readonly good: string;
  /** Whether JSON is asked for. */
  readonly isJudge: boolean;
  readonly response: ServerResponse;
  /** Sends the headers of a stream. */
  head(status?: number, headers?: Readonly<Record<string, string>>): void;
  /** Sends a piece of the answer, with fields of the message beside or instead of its text. */
  piece(text: string | undefined, beside?: Readonly<Record<string, unknown>>): void;
  /** Sends any object as an event or line. */
  event(value: object): void;
  /** Sends what ends an answer, and ends the response. */
  end(end?: OddEnd): void;
  /** A whole answer. */
  say(text: string, end?: OddEnd): void;
  /** The bytes of a whole answer. */
  bytesOf(text: string, end?: OddEnd): Buffer;
  /** Answers with a status and a JSON error. */
  refuse(status: number, message: string, headers?: Readonly<Record<string, string>>): void;
  /** Sends bytes; false when nobody takes any more. Waits while the client reads slowly. */
  send(bytes: string | Buffer): Promise<boolean>;
  /** Sends something again and again, until the client has left. */
  forever(next: () => string | Buffer | undefined, everyMs?: number): Promise<void>;
  readonly tickMs: number;
}

const speech =
  'Vienna sold cheap annual passes, and thousands of commuters left their cars at home within three years. ' +
  'Shopkeepers had feared for their turnover, which rose because people who walk stay longer and come back.';

export function openOddWire(given: {
  readonly wire: Wire;
  readonly body: Record<string, unknown>;
  readonly response: ServerResponse;
  readonly nth: number;
  readonly tickMs: number;
}): OddWire {
  const { wire, body, response, nth, tickMs } = given;
  const schema = schemaIn(body);
  const good = schema === undefined ? speech : JSON.stringify(filled(schema));
  const eventOf = (value: object) => {
    const text = JSON.stringify(value);
    return wire === 'openai' ? `data: ${text}\n\n` : `${text}\n`;
  };
  const pieceOf = (text: string | undefined, beside: Readonly<Record<string, unknown>> = {}) => {
    const message = { ...(text === undefined ? {} : { content: text }), ...beside };
    return eventOf(
      wire === 'openai'
        ? { choices: [{ index: 0, delta: message, finish_reason: null }] }
        : { message: { role: 'assistant', ...message }, done: false },
    );
  };
  const endOf = ({ finish = 'stop', usage = goodUsage[wire], done = 1 }: OddEnd) => {
    if (wire === 'ollama') {
      const counts = typeof usage === 'object' ? usage : {};
      return eventOf({
        message: { content: '' },
        done: true,
        ...(finish === null ? {} : { done_reason: finish }),
        ...counts,
      });
    }
    const last = finish === null ? '' : eventOf({ choices: [{ index: 0, delta: {}, finish_reason: finish }] });
    const count = usage === undefined ? '' : eventOf({ choices: [], usage });
    return last + count + 'data: [DONE]\n\n'.repeat(done);
  };
  const type = wire === 'openai' ? 'text/event-stream' : 'application/x-ndjson';
  const odd: OddWire = {
    wire,
    body,
    nth,
    good,
    isJudge: schema !== undefined,
    response,
    tickMs,
    head(status = 200, headers = {}) {
      response.writeHead(status, { 'content-type': type, ...headers }).flushHeaders();
    },
    piece: (text, beside) => void response.write(pieceOf(text, beside)),
    event: (value) => void response.write(eventOf(value)),
    end: (end = {}) => void response.end(endOf(end)),
    say(text, end = {}) {
      odd.head();
      for (const part of parts(text)) odd.piece(part);
      odd.end(end);
    },
    bytesOf: (text, end = {}) =>
      Buffer.from(
        parts(text)
          .map((part) => pieceOf(part))
          .join('') + endOf(end),
      ),
    refuse(status, message, headers = {}) {
      const error = wire === 'openai' ? { error: { message, type: 'invalid_request_error' } } : { error: message };
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(error));
    },
    async send(bytes) {
      if (response.destroyed || response.closed) return false;
      if (response.write(bytes)) return true;
      await new Promise<void>((resolve) => {
        const go = () => {
          response.off('drain', go);
          response.off('close', go);
          resolve();
        };
        response.on('drain', go);
        response.on('close', go);
      });
      return !response.destroyed && !response.closed;
    },
    async forever(next, everyMs = 0) {
      for (;;) {
        const bytes = next();
        if (bytes === undefined || !(await odd.send(bytes))) return;
        await (everyMs > 0 ? pause(everyMs, response) : new Promise((resolve) => setImmediate(resolve)));
      }
    },
  };
  return odd;
}

const goodUsage = {
  openai: { prompt_tokens: 40, completion_tokens: 50, total_tokens: 90 },
  ollama: { prompt_eval_count: 40, eval_count: 50, load_duration: 1_000_000 },
} as const;

/** Resolves after `ms`, or when the client has left. */
function pause(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      response.off('close', go);
      resolve();
    };
    const timer = setTimeout(go, ms);
    response.on('close', go);
  });
}

/** A text in a few pieces. */
function parts(text: string): string[] {
  const size = Math.max(1, Math.ceil(text.length / 5));
  const found: string[] = [];
  for (let at = 0; at < text.length; at += size) found.push(text.slice(at, at + size));
  return found;
}

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** The schema that is asked for in the fields of either wire, or in words. */
function schemaIn(body: Readonly<Record<string, unknown>>): Schema | undefined {
  const {
    format,
    response_format: asked,
    messages,
  } = body as {
    readonly format?: unknown;
    readonly response_format?: { readonly json_schema?: { readonly schema?: Schema } };
    readonly messages?: readonly { readonly content: string }[];
  };
  if (typeof format === 'object' && format !== null) return format;
  if (asked?.json_schema?.schema !== undefined) return asked.json_schema.schema;
  const said = messages?.at(-1)?.content ?? '';
  const words = / JSON Schema: (\{.*\})$/s.exec(said)?.[1];
  return words === undefined ? undefined : (JSON.parse(words) as Schema);
}

function filled(schema: Schema): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, one]) => [key, filled(one)]));
    case 'integer':
    case 'number':
      return 6;
    case 'boolean':
      return true;
    case 'array':
      return [];
    default:
      return 'A reason in words.';
  }
}
