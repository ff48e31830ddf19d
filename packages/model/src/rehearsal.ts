import { ParleyError } from '@parley/contracts';
import { type Answer, openAnswer } from './answer.ts';
import { promptCharacters, tokensOf } from './answer-bounds.ts';
import { embedResult } from './embedding.ts';
import type { ChatRequest, Model } from './model.ts';
import { pause } from './pause.ts';
import { concedingText } from './rehearsal/concession.ts';
import { ngramVector } from './rehearsal/ngrams.ts';
import { noise } from './rehearsal/noise.ts';
import { rehearsedText } from './rehearsal/text.ts';
import { toolStep } from './rehearsal/tool-step.ts';
import { cancelled } from './wire-error.ts';
import { checkConversation } from './wire-messages.ts';

export interface RehearsalOptions {
  /** Duration of an answer in milliseconds, spread over its words. 0 publishes the whole text at once, without a timer. */
  readonly latencyMs?: number;
}

type Behaviour = (request: ChatRequest, answer: Answer, latencyMs: number) => Promise<void> | undefined;

/** Pace of `rehearsal:slow`, in milliseconds per word. */
const slowWordMs = 40;

/** Length of what `rehearsal:short` says, in characters. */
const shortCharacters = 200;

/** The only rehearsal model that embeds; it cannot chat. */
const embedName = 'rehearsal:embed';

const behaviours: ReadonlyMap<string, Behaviour> = new Map<string, Behaviour>([
  ['rehearsal', (request, answer, latencyMs) => act(request, answer, latencyMs)],
  ['rehearsal:slow', (request, answer) => act(request, answer, (text) => wordsOf(text).length * slowWordMs)],
  ['rehearsal:short', (request, answer) => say(request, answer, shortened(rehearsedText(request)), 0)],
  [
    'rehearsal:repeat',
    (request, answer, latencyMs) => say(request, answer, rehearsedText(asFirstRound(request)), latencyMs),
  ],
  ['rehearsal:concede', (request, answer, latencyMs) => say(request, answer, concedingText(request), latencyMs)],
  ['rehearsal:garbage', (request, answer, latencyMs) => babble(request, answer, latencyMs)],
  ['rehearsal:empty', () => undefined],
  [
    'rehearsal:fail',
    (request) => {
      throw new ParleyError('MODEL_REFUSED', `Model "${request.model}" refuses every request, as its name asks.`);
    },
  ],
  [
    'rehearsal:unreachable',
    (request) => {
      throw later('MODEL_UNREACHABLE', `Model "${request.model}" cannot be reached, as its name asks.`);
    },
  ],
  [
    'rehearsal:stall',
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(cancelled(signal)), { once: true });
      }),
  ],
  [
    'rehearsal:whitespace',
    (_, answer) => {
      for (;;) answer.add(' ');
    },
  ],
  [
    'rehearsal:dies',
    async (request, answer, latencyMs) => {
      await say(request, answer, halfOf(rehearsedText(request)), latencyMs / 2);
      throw later('MODEL_BROKE_OFF', `Model "${request.model}" broke off in the middle, as its name asks.`);
    },
  ],
  [
    'rehearsal:flaky',
    (request, answer, latencyMs) => {
      if ((request.purpose.attempt ?? 1) > 1) return act(request, answer, latencyMs);
      throw later('MODEL_OVERLOADED', `Model "${request.model}" fails on every first attempt, as its name asks.`);
    },
  ],
]);

/**
 * The embedded model: scripted speeches, verdicts and tool calls, no AI. The same request gives the same answer on every
 * machine. The name chooses how it behaves, so that every failure of a real server can be had on demand.
 */
export function createRehearsalModel(options: RehearsalOptions = {}): Model {
  const latencyMs = options.latencyMs ?? 0;
  return {
    provider: 'rehearsal',
    async chat(request) {
      if (request.signal.aborted) throw cancelled(request.signal);
      const behave = behaviours.get(request.model);
      if (behave === undefined) throw unknown(request.model);
      checkConversation(request.messages);
      const characters = request.maxTokens * 4;
      let length = 0;
      let isCut = false;
      const open = openAnswer('rehearsal', request);
      let called = 0;
      const answer: Answer = {
        ...open,
        call(calls) {
          called += JSON.stringify(calls).length;
          return open.call(calls);
        },
        add(text) {
          isCut ||= length + text.length > characters;
          open.add(text.slice(0, Math.max(0, characters - length)));
          length += text.length;
          return true;
        },
      };
      await behave(request, answer, latencyMs);
      const inputTokens = tokensOf(promptCharacters(request));
      return open.end({
        finishReason: isCut ? 'length' : 'stop',
        inputTokens,
        outputTokens: tokensOf(open.text.length + called),
      });
    },
    async embed(request) {
      const { model, inputs, signal } = request;
      if (signal.aborted) throw cancelled(signal);
      if (model === embedName) {
        return embedResult('rehearsal', request, { vectors: inputs.map(ngramVector) }, performance.now());
      }
      if (!behaviours.has(model)) throw unknown(model);
      throw new ParleyError('MODEL_REFUSED', `Model "${model}" makes no embeddings. Use "${embedName}".`);
    },
    list: async () => [...behaviours.keys(), embedName],
  };
}

/** Says what there is to say, or calls a tool where one is offered and meant. */
function act(
  request: ChatRequest,
  answer: Answer,
  latency: number | ((text: string) => number),
): Promise<void> | undefined {
  const latencyFor = (text: string) => (typeof latency === 'number' ? latency : latency(text));
  const step = toolStep(request);
  if (step === undefined || 'text' in step) {
    const text = step?.text ?? rehearsedText(request);
    return say(request, answer, text, latencyFor(text));
  }
  return call(request, answer, step.call.name, step.given, latencyFor(JSON.stringify(step.given)));
}

/** Says what nobody can use, as a text or as the arguments of a tool. */
function babble(request: ChatRequest, answer: Answer, latencyMs: number): Promise<void> | undefined {
  const tool = request.schema === undefined ? request.tools?.[0] : undefined;
  if (tool === undefined) return say(request, answer, noise(request), latencyMs);
  return call(request, answer, tool.name, noise(request), latencyMs);
}

function call(
  { signal }: ChatRequest,
  answer: Answer,
  name: string,
  given: unknown,
  latencyMs: number,
): Promise<void> | undefined {
  const make = () => void answer.call([{ function: { name, arguments: given } }]);
  if (latencyMs > 0) return pause(latencyMs, signal).then(make);
  make();
  return undefined;
}

/** Publishes a text at once, or word by word over `latencyMs`. A late timer is made up for, so the duration holds. */
function say(request: ChatRequest, answer: Answer, text: string, latencyMs: number): Promise<void> | undefined {
  if (latencyMs <= 0) {
    answer.add(text);
    return undefined;
  }
  return sayInTime(request, answer, wordsOf(text), latencyMs);
}

async function sayInTime({ signal }: ChatRequest, answer: Answer, words: readonly string[], latencyMs: number) {
  const wordMs = latencyMs / words.length;
  const startedAt = performance.now();
  for (let said = 0; said < words.length; ) {
    await pause(Math.max(startedAt + (said + 1) * wordMs - performance.now(), 1), signal);
    const due = Math.min(words.length, Math.floor((performance.now() - startedAt) / wordMs));
    if (signal.aborted) throw cancelled(signal);
    for (; said < due; said += 1) answer.add(words[said] ?? '');
  }
}

/** Words with the space after them; two characters at a time in a script without spaces. */
function wordsOf(text: string): readonly string[] {
  return text.match(/\p{Script=Han}{1,2}[，。？！；：、」]?|[^\s\p{Script=Han}]+\s*|\s+/gu) ?? [text];
}

function shortened(text: string): string {
  if (text.length <= shortCharacters || text.startsWith('{')) return text;
  const end = text.lastIndexOf(' ', shortCharacters);
  return end < shortCharacters / 2 ? text.slice(0, shortCharacters) : `${text.slice(0, end).replace(/[,;:.]$/, '')}.`;
}

function halfOf(text: string): string {
  return text.slice(0, Math.ceil(text.length / 2));
}

function asFirstRound(request: ChatRequest): ChatRequest {
  return { ...request, messages: [], purpose: { ...request.purpose, round: 1 } };
}

function later(code: 'MODEL_UNREACHABLE' | 'MODEL_OVERLOADED' | 'MODEL_BROKE_OFF', message: string): ParleyError {
  return new ParleyError(code, message, { retryable: true });
}

function unknown(model: string): ParleyError {
  const names = [...behaviours.keys(), embedName].join(', ');
  return new ParleyError('MODEL_NOT_FOUND', `There is no rehearsal model "${model}". Use one of: ${names}.`);
}
