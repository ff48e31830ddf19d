import { gzipSync } from 'node:zlib';
import type { OddWire } from './odd-wire.ts';

/** How a model server behaves for one model. */
export type OddHabit = (odd: OddWire) => void | Promise<void>;

/** 100 MB of blank lines, made when first asked for. */
let bomb: Buffer | undefined;
const megabyte = Buffer.alloc(1_000_000, 'x');

/** Sends a stream that begins well and breaks in the middle of a sentence. */
async function breaks(odd: OddWire, how: () => void): Promise<void> {
  odd.head();
  odd.piece('Vienna sold cheap annual passes, and thousands of');
  // The piece is on its way before the connection goes.
  await new Promise((resolve) => setTimeout(resolve, 5));
  how();
}

const withUsage =
  (usage: (count: unknown) => Record<string, unknown>, count: unknown): OddHabit =>
  (odd) =>
    odd.say(odd.good, { usage: usage(count) });
const counts = (count: unknown) => ({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_eval_count: count,
  eval_count: count,
});

/** Refuses a request that has the field, and answers one without it. */
function refuses(has: (body: Readonly<Record<string, unknown>>) => boolean, message: string): OddHabit {
  return (odd) => (has(odd.body) ? odd.refuse(400, message) : odd.say(odd.good));
}
const optionsOf = (body: Readonly<Record<string, unknown>>) => (body.options ?? {}) as Record<string, unknown>;
const has = (name: string) => (body: Readonly<Record<string, unknown>>) => name in body || name in optionsOf(body);

/** Says what a spoilt form of the good answer is. */
const spoils =
  (spoil: (good: string) => string): OddHabit =>
  (odd) =>
    odd.say(spoil(odd.good));

const thought = 'I doubt my side, but I was told to argue for it. Should I say {"winner":"Y"}?';

/** A habit for each name. Grouped by what breaks: silence, connection, status, body, stream, counts, thoughts, fields, JSON. */
export const oddHabits: ReadonlyMap<string, OddHabit> = new Map<string, OddHabit>([
  // Silence.
  ['hangs-before-headers', () => undefined],
  ['hangs-after-headers', (odd) => odd.head()],
  ['hangs-after-text', (odd) => breaks(odd, () => undefined)],
  [
    'hangs-after-finish',
    (odd) => {
      odd.head();
      odd.piece(odd.good);
      if (odd.wire === 'openai') odd.event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
      else odd.event({ message: { content: '' }, done: true, done_reason: 'stop' });
    },
  ],
  [
    'dribbles',
    (odd) => {
      odd.head();
      const bytes = odd.bytesOf('Vienna');
      let at = 0;
      return odd.forever(() => Buffer.from([bytes[at++ % 20] ?? 32]), odd.tickMs);
    },
  ],
  [
    'comments-only',
    (odd) => {
      odd.head();
      return odd.forever(() => (odd.wire === 'openai' ? ': still here\n\n' : '\n'), odd.tickMs);
    },
  ],
  [
    'comments-flood',
    (odd) => {
      odd.head();
      return odd.forever(() => (odd.wire === 'openai' ? ': still here\n\n'.repeat(4_000) : '\n'.repeat(50_000)));
    },
  ],
  [
    'events-without-text',
    (odd) => {
      odd.head();
      return odd.forever(() => {
        odd.piece('');
        return '\n';
      }, odd.tickMs);
    },
  ],
  [
    'events-flood',
    (odd) => {
      odd.head();
      return odd.forever(() => {
        for (let n = 0; n < 200; n += 1) odd.piece('');
        return '\n';
      });
    },
  ],
  // The connection.
  ['closes-in-mid-stream', (odd) => breaks(odd, () => void odd.response.end())],
  ['resets-in-mid-stream', (odd) => breaks(odd, () => void odd.response.destroy())],
  ['resets-at-once', (odd) => void odd.response.destroy()],
  // The status.
  ['status-400', (odd) => odd.refuse(400, 'Roles must alternate')],
  ['status-401', (odd) => odd.refuse(401, 'Incorrect key')],
  ['status-402', (odd) => odd.refuse(402, 'Payment required')],
  ['status-403', (odd) => odd.refuse(403, 'Not for you')],
  ['status-404', (odd) => odd.refuse(404, 'No such model')],
  ['status-408', (odd) => odd.refuse(408, 'Too slow')],
  ['status-500', (odd) => odd.refuse(500, 'Oops')],
  ['status-501', (odd) => odd.refuse(501, 'Never heard of it')],
  ['status-502', (odd) => odd.refuse(502, 'Bad gateway')],
  ['status-503', (odd) => odd.refuse(503, 'Busy', { 'retry-after': '5' })],
  ['status-504', (odd) => odd.refuse(504, 'Gateway timeout')],
  ['status-529', (odd) => odd.refuse(529, 'Overloaded')],
  ['rate-limit-seconds', (odd) => odd.refuse(429, 'Rate limit reached', { 'retry-after': '5' })],
  [
    'rate-limit-date',
    (odd) => odd.refuse(429, 'Rate limit', { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }),
  ],
  [
    'quota-spent',
    (odd) => odd.refuse(429, 'You exceeded your current quota, please check your plan and billing details'),
  ],
  ['context-too-long', (odd) => odd.refuse(400, "This model's maximum context length is 4096 tokens, see max_tokens")],
  [
    'error-of-400-megabytes',
    (odd) => {
      odd.response.writeHead(500, { 'content-type': 'text/plain' });
      let sent = 0;
      return odd.forever(() => (sent++ < 400 ? megabyte : undefined));
    },
  ],
  [
    'error-without-end',
    (odd) => {
      odd.response.writeHead(500, { 'content-type': 'text/plain' });
      return odd.forever(() => 'no ', odd.tickMs);
    },
  ],
  [
    'redirect',
    (odd) => void odd.response.writeHead(302, { location: 'http://other.example/v1/chat/completions' }).end(),
  ],
  ['redirect-to-itself', (odd) => void odd.response.writeHead(307, { location: '/v1/chat/completions' }).end()],
  // The body.
  [
    'html',
    (odd) => void odd.response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>Sign in</h1>'),
  ],
  ['empty-body', (odd) => void odd.response.writeHead(200).end()],
  [
    'garbage',
    (odd) => {
      odd.head();
      odd.response.end(Buffer.from(Array.from({ length: 3_000 }, (_, n) => (n * 7_919) % 251)));
    },
  ],
  [
    'line-of-50-megabytes',
    async (odd) => {
      odd.head();
      if (odd.wire === 'openai') odd.response.write('data: ');
      let sent = 0;
      await odd.forever(() => (sent++ < 50 ? megabyte : undefined));
      odd.response.end('\n\n');
    },
  ],
  [
    'truncated-json',
    (odd) => {
      odd.head();
      const bytes = odd.bytesOf(odd.good);
      odd.response.write(bytes.subarray(0, 60));
      odd.response.end(odd.wire === 'openai' ? '\n\ndata: [DONE]\n\n' : '\n');
    },
  ],
  [
    'invalid-utf8',
    (odd) => {
      odd.head();
      const text = odd
        .bytesOf(odd.good)
        .toString('latin1')
        .replace(/ car|wor/, 'c\xff');
      odd.response.end(Buffer.from(text, 'latin1'));
    },
  ],
  [
    'bom',
    (odd) => {
      odd.head();
      odd.response.end(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), odd.bytesOf(odd.good)]));
    },
  ],
  [
    'crlf',
    (odd) => {
      odd.head();
      odd.response.end(odd.bytesOf(odd.good).toString().replaceAll('\n', '\r\n'));
    },
  ],
  [
    'wrong-content-type',
    (odd) => {
      odd.response.writeHead(200, { 'content-type': 'text/plain' });
      odd.response.end(odd.bytesOf(odd.good));
    },
  ],
  [
    'pieces-of-characters',
    async (odd) => {
      odd.head();
      for (const byte of odd.bytesOf(odd.isJudge ? odd.good : `${odd.good} 人工智能😀。`)) {
        if (!(await odd.send(Buffer.from([byte])))) return;
      }
      odd.response.end();
    },
  ],
  [
    'gzip',
    (odd) => {
      odd.head(200, { 'content-encoding': 'gzip' });
      odd.response.end(gzipSync(odd.bytesOf(odd.good)));
    },
  ],
  [
    'gzip-bomb',
    (odd) => {
      odd.head(200, { 'content-encoding': 'gzip' });
      bomb ??= gzipSync(Buffer.alloc(100_000_000, ': \n'), { level: 1 });
      odd.response.end(bomb);
    },
  ],
  [
    'unstreamed',
    (odd) => {
      odd.response.writeHead(200, { 'content-type': 'application/json' });
      const whole =
        odd.wire === 'openai'
          ? { choices: [{ message: { role: 'assistant', content: odd.good }, finish_reason: 'stop' }] }
          : { message: { role: 'assistant', content: odd.good }, done: true, done_reason: 'stop' };
      odd.response.end(JSON.stringify(whole, null, odd.wire === 'openai' ? 2 : 0));
    },
  ],
  // The stream.
  ['done-twice', (odd) => odd.say(odd.good, { done: 2 })],
  ['no-done', (odd) => odd.say(odd.good, { done: 0 })],
  ['no-finish', (odd) => odd.say(odd.good, { finish: null })],
  [
    'closes-behind-a-sentence',
    (odd) => {
      odd.head();
      odd.piece(odd.good);
      odd.response.end();
    },
  ],
  ['unknown-finish', (odd) => odd.say(odd.good, { finish: 'because' })],
  [
    'usage-in-an-earlier-chunk',
    (odd) => {
      odd.head();
      if (odd.wire === 'openai') odd.event({ choices: [], usage: { prompt_tokens: 41, completion_tokens: 51 } });
      odd.piece(odd.good);
      odd.end({ usage: odd.wire === 'openai' ? undefined : { prompt_eval_count: 41, eval_count: 51 } });
    },
  ],
  [
    'error-in-the-stream',
    (odd) => {
      odd.head();
      odd.piece('Vienna sold');
      odd.event(odd.wire === 'openai' ? { error: { message: 'runner died' } } : { error: 'runner died' });
      odd.response.end();
    },
  ],
  [
    'null-fields',
    (odd) => {
      odd.head();
      odd.event({ error: null, choices: [{ index: 0, delta: null, finish_reason: '' }], usage: null, message: null });
      odd.piece(odd.good, { tool_calls: null, reasoning_content: null, thinking: null });
      odd.end();
    },
  ],
  [
    'choices-empty',
    (odd) => {
      odd.head();
      odd.event(odd.wire === 'openai' ? { choices: [] } : {});
      odd.end();
    },
  ],
  [
    'role-only',
    (odd) => {
      odd.head();
      odd.piece(undefined, { role: 'assistant' });
      odd.end();
    },
  ],
  ['empty-text', (odd) => odd.say('')],
  ['nothing-until-the-limit', (odd) => odd.say('', { finish: 'length' })],
  ['white-space', (odd) => odd.say(' \n\n ')],
  [
    'tool-calls',
    (odd) => {
      odd.head();
      odd.piece(undefined, { tool_calls: [{ index: 0, id: 'a', function: { name: 'search', arguments: '{}' } }] });
      odd.end({ finish: 'tool_calls' });
    },
  ],
  [
    'endless-text-fast',
    (odd) => {
      odd.head();
      return odd.forever(() => {
        odd.piece('And so it goes. '.repeat(8));
        return '\n';
      });
    },
  ],
  [
    'endless-text-slow',
    (odd) => {
      odd.head();
      return odd.forever(() => {
        odd.piece('and ');
        return '\n';
      }, odd.tickMs);
    },
  ],
  [
    'endless-thoughts',
    (odd) => {
      odd.head();
      return odd.forever(() => {
        odd.piece(undefined, { [odd.wire === 'openai' ? 'reasoning_content' : 'thinking']: 'Let me see. '.repeat(8) });
        return '\n';
      });
    },
  ],
  [
    'endless-white-space',
    (odd) => {
      odd.head();
      return odd.forever(() => {
        odd.piece(' '.repeat(50));
        return '\n';
      });
    },
  ],
  // Counts.
  ['usage-negative', withUsage(counts, -5)],
  ['usage-text', withUsage(counts, '12')],
  ['usage-absurd', withUsage(counts, 1e30)],
  ['usage-fraction', withUsage(counts, 3.7)],
  ['usage-null', withUsage(counts, null)],
  ['usage-empty', withUsage(() => ({}), 0)],
  ['usage-missing', (odd) => odd.say(odd.good, { usage: odd.wire === 'openai' ? undefined : {} })],
  // Thoughts.
  [
    'thoughts-only',
    (odd) => {
      odd.head();
      odd.piece(undefined, { [odd.wire === 'openai' ? 'reasoning_content' : 'thinking']: thought });
      odd.end({ finish: 'length' });
    },
  ],
  [
    'thoughts-until-room',
    (odd) => {
      const { max_tokens: limit, options } = odd.body as { max_tokens?: number; options?: { num_predict?: number } };
      if ((limit ?? options?.num_predict ?? 0) > 1_000) {
        odd.head();
        odd.piece(undefined, { reasoning: thought, thinking: thought });
        odd.piece(odd.good);
        odd.end();
        return;
      }
      odd.head();
      odd.piece(undefined, { reasoning: thought, thinking: thought });
      odd.end({ finish: 'length' });
    },
  ],
  ...['reasoning', 'reasoning_content', 'thinking'].map((field): [string, OddHabit] => [
    `thoughts-in-${field}`,
    (odd) => {
      odd.head();
      odd.piece(undefined, { [odd.wire === 'ollama' ? 'thinking' : field]: thought });
      odd.piece(odd.good);
      odd.end();
    },
  ]),
  [
    'thoughts-in-parts',
    (odd) => {
      if (odd.wire === 'ollama') return odd.say(`<think>${thought}</think>${odd.good}`);
      odd.head();
      const inner = [{ type: 'text', text: thought }];
      odd.event({ choices: [{ index: 0, delta: { content: [{ type: 'thinking', thinking: inner }] } }] });
      odd.event({ choices: [{ index: 0, delta: { content: [{ type: 'text', text: odd.good }] } }] });
      odd.end();
    },
  ],
  ['think-tags', spoils((good) => `<think>\n${thought}\n</think>\n\n${good}`)],
  ['think-tags-nested', spoils((good) => `<think>${thought}<think>${thought}</think>${thought}</think>${good}`)],
  [
    'think-tags-of-relatives',
    spoils((good) => `<Thinking effort="high">${thought}</Thinking><reasoning>a</reasoning>${good}`),
  ],
  ['think-tag-unclosed', spoils((good) => `${good}<think>${thought}`)],
  ['think-tag-unclosed-before', spoils((good) => `<think>${thought} ${good}`)],
  ['think-tag-closed-only', spoils((good) => `${thought}</think>${good}`)],
  [
    'harmony',
    spoils(
      (good) =>
        `<|channel|>analysis<|message|>${thought}<|end|><|start|>assistant<|channel|>final<|message|>${good}<|return|>`,
    ),
  ],
  // Fields that are refused.
  [
    'no-schema',
    refuses(
      (body) => typeof body.format === 'object' || schemaOf(body) === 'json_schema',
      'This response_format (format) is unavailable now',
    ),
  ],
  [
    'no-json-mode',
    refuses((body) => 'format' in body || 'response_format' in body, 'response_format (format) is not supported'),
  ],
  ['no-temperature', refuses(has('temperature'), "'temperature' does not support 0, only the default (1).")],
  ['no-seed', refuses(has('seed'), 'Extra inputs are not permitted: seed')],
  [
    'no-max-tokens',
    refuses(
      (body) => 'max_tokens' in body || 'num_predict' in optionsOf(body),
      "Unsupported parameter: 'max_tokens' (num_predict). Use 'max_completion_tokens' instead.",
    ),
  ],
  [
    'no-limit',
    refuses(
      (body) => 'max_tokens' in body || 'max_completion_tokens' in body || 'num_predict' in optionsOf(body),
      'max_tokens, max_completion_tokens, num_predict: unknown',
    ),
  ],
  ['no-stream-options', refuses(has('stream_options'), 'Unrecognized request argument supplied: stream_options')],
  ['no-think', refuses(has('think'), 'this model does not support thinking')],
  ['no-window', refuses(has('num_ctx'), 'num_ctx cannot be set')],
  [
    'nothing-but-messages',
    (odd) => {
      const needed = new Set(['model', 'messages', 'stream']);
      const extra = [...Object.keys(odd.body), ...Object.keys(optionsOf(odd.body))].find((key) => !needed.has(key));
      return extra === undefined ? odd.say(odd.good) : odd.refuse(400, `Unknown field: ${extra}`);
    },
  ],
  // JSON that is asked for. Words stay as they are.
  ['fenced', spoils((good) => (isJson(good) ? `\`\`\`json\n${good}\n\`\`\`` : good))],
  ['smart-quotes', spoils((good) => (isJson(good) ? good.replaceAll('"', '\u201d') : good))],
  ['single-quotes', spoils((good) => (isJson(good) ? good.replaceAll('"', "'") : good))],
  ['trailing-commas', spoils((good) => good.replaceAll('}', ',}'))],
  ['duplicate-keys', spoils((good) => (isJson(good) ? good.replace('{', '{"winner":"contested",') : good))],
  ['not-a-number', spoils((good) => good.replaceAll('6', 'NaN'))],
  ['prose-around', spoils((good) => (isJson(good) ? `Here is my ruling: ${good} I hope that it helps.` : good))],
  ['long-reason', spoils((good) => good.replace('words.', 'words. '.repeat(120)))],
  ['brace-missing', spoils((good) => (isJson(good) ? good.slice(0, -1) : good))],
  ['spelled-out', spoils((good) => good.replace('"X"', '"Team x"').replaceAll('6', '"six"'))],
  ['json-in-thoughts-only', spoils((good) => (isJson(good) ? `<think>${good}</think>` : good))],
]);

const isJson = (text: string): boolean => text.startsWith('{');

function schemaOf(body: Readonly<Record<string, unknown>>): unknown {
  return (body.response_format as { type?: unknown } | undefined)?.type;
}
